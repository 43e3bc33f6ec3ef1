import { EVERYDAY, OUTDOOR, SCHOOL, SPORT, TRAVEL, WORK } from "./shared";
import { sizes, type Vocabulary, word } from "./words";

const one = sizes(word("Standard", "Regular"), word("Compact", "Mini"), word("Large", "XL"));
const storage = sizes(word("64GB", "64 GB"), word("128GB", "128 GB"), word("256GB", "256 GB"), word("512GB", "512 GB"));
const cable = sizes(word("3 ft", "3 Feet"), word("6 ft", "6 Feet"), word("10 ft", "10 Feet"));
const screen = sizes(word("24 Inch", '24"'), word("27 Inch", '27"'), word("32 Inch", '32"'));

export const ELECTRONICS: Vocabulary = {
	prefix: "EL",
	audience: {
		departments: [
			word("Home", "Household", "Living Room"),
			word("Office", "Home Office", "Desk"),
			word("Gaming", "Gamer", "for Gaming"),
			word("Mobile", "On the Go", "for Phone"),
		],
		shares: [0.4, 0.25, 0.15, 0.2],
	},
	colours: [
		word("Black"),
		word("White"),
		word("Grey", "Gray", "Space Grey"),
		word("Silver"),
		word("Blue"),
		word("Red"),
		word("Pink"),
		word("Green"),
	],
	brands: (
		"Voltane Kyrion Auradyne Pixelmont Nexatron Ohmford Lumivolt Circuvale Bytewell Sonarise Ampera&Co Datalune " +
		"Wavecrest Corelith Solvanta Gridmark Fluxborne Teravane Echonix Halverson"
	).split(" "),
	types: [
		{
			title: "Headphones",
			names: ["headphones", "earbuds", "headset"],
			share: 1.6,
			sizes: one,
			occasions: [SPORT, TRAVEL, WORK, EVERYDAY],
			price: 64,
		},
		{
			title: "Chargers & Cables",
			names: ["charger", "usb c cable", "charging cable"],
			share: 1.5,
			sizes: cable,
			occasions: [TRAVEL, WORK, EVERYDAY],
			price: 18,
		},
		{
			title: "Bluetooth Speakers",
			names: ["bluetooth speaker", "portable speaker"],
			share: 1,
			sizes: one,
			occasions: [OUTDOOR, TRAVEL, EVERYDAY],
			price: 48,
		},
		{
			title: "Monitors",
			names: ["monitor", "computer monitor"],
			share: 0.7,
			sizes: screen,
			occasions: [WORK, SCHOOL, EVERYDAY],
			price: 190,
		},
		{
			title: "Keyboards & Mice",
			names: ["keyboard", "wireless mouse", "keyboard and mouse"],
			share: 1,
			sizes: one,
			occasions: [WORK, SCHOOL, EVERYDAY],
			price: 42,
		},
		{
			title: "Memory Cards & Drives",
			names: ["memory card", "usb drive", "external drive"],
			share: 0.8,
			sizes: storage,
			occasions: [WORK, TRAVEL, SCHOOL],
			price: 36,
		},
		{
			title: "Smart Watches",
			names: ["smart watch", "fitness tracker"],
			share: 0.9,
			sizes: one,
			occasions: [SPORT, OUTDOOR, EVERYDAY],
			price: 110,
		},
		{
			title: "Tablets",
			names: ["tablet", "e reader"],
			share: 0.7,
			sizes: storage,
			occasions: [SCHOOL, TRAVEL, WORK],
			price: 170,
		},
	],
	materials: [word("Aluminum", "Metal"), word("Plastic", "ABS"), word("Braided", "Nylon Braided"), word("Silicone")],
	styles: [
		word("Wireless", "Cordless"),
		word("Wired", "Plug In"),
		word("Noise Cancelling", "Noise Reduction"),
		word("Fast", "High Speed"),
		word("RGB", "LED Backlit"),
		word("Slim", "Ultra Thin"),
		word("Rugged", "Shockproof"),
	],
	features: [
		"USB C",
		"Bluetooth 5.3",
		"Long Battery Life",
		"Waterproof",
		"Fast Charging",
		"Plug and Play",
		"Built in Microphone",
		"Low Latency",
		"4K",
		"Touch Control",
	],
};
