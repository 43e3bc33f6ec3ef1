import { EVERYDAY, OUTDOOR, PARTY, SCHOOL, TRAVEL } from "./shared";
import { sizes, type Vocabulary, word } from "./words";

const plush = sizes(word("Small", "10 Inch"), word("Medium", "16 Inch"), word("Large", "24 Inch", "Jumbo"));
const pieces = sizes(word("50 Pieces", "50 pcs"), word("100 Pieces", "100 pcs"), word("500 Pieces", "500 pcs"));
const pack = sizes(word("Single", "1 Pack"), word("4 Pack", "Set of 4"), word("12 Pack", "Set of 12"));

export const TOYS: Vocabulary = {
	prefix: "TY",
	audience: {
		departments: [
			word("Toddlers", "for Toddlers", "Toddler"),
			word("Kids", "for Kids", "Children"),
			word("Teens", "for Teens"),
			word("Family", "All Ages", "for the Family"),
		],
		shares: [0.3, 0.42, 0.1, 0.18],
	},
	colours: [word("Multicolor", "Colorful"), word("Blue"), word("Pink"), word("Red"), word("Green"), word("Yellow")],
	brands: (
		"Tumblewick Brightacorn Merrifox Pogoberry Bricklund Jollivane Puzzlewood Hoppington Kitefern Wobbleton Dinovale " +
		"Sunnypatch Gigglestone Marblerun&Co Toyhaven"
	).split(" "),
	types: [
		{
			title: "Building Sets",
			names: ["building blocks", "building set"],
			share: 1.5,
			sizes: pieces,
			occasions: [EVERYDAY, SCHOOL, PARTY],
			price: 34,
		},
		{
			title: "Stuffed Animals",
			names: ["stuffed animal", "plush toy", "plushie"],
			share: 1.3,
			sizes: plush,
			occasions: [EVERYDAY, PARTY, TRAVEL],
			price: 19,
		},
		{
			title: "Puzzles",
			names: ["puzzle", "jigsaw puzzle"],
			share: 1,
			sizes: pieces,
			occasions: [EVERYDAY, SCHOOL, TRAVEL],
			price: 16,
		},
		{
			title: "Board Games",
			names: ["board game", "family game", "card game"],
			share: 1.1,
			sizes: pack,
			occasions: [PARTY, EVERYDAY, TRAVEL],
			price: 24,
		},
		{
			title: "Toy Vehicles",
			names: ["toy cars", "remote control car", "toy truck"],
			share: 1.1,
			sizes: pack,
			occasions: [EVERYDAY, OUTDOOR, PARTY],
			price: 26,
		},
		{
			title: "Dolls",
			names: ["doll", "doll house"],
			share: 0.9,
			sizes: pack,
			occasions: [EVERYDAY, PARTY],
			price: 28,
		},
		{
			title: "Outdoor Toys",
			names: ["outdoor toys", "water gun", "bubble machine"],
			share: 0.9,
			sizes: pack,
			occasions: [OUTDOOR, PARTY, TRAVEL],
			price: 22,
		},
	],
	materials: [word("Wooden", "Wood"), word("Plastic", "BPA Free Plastic"), word("Plush", "Soft"), word("Magnetic")],
	styles: [
		word("Educational", "Learning", "STEM"),
		word("Dinosaur", "Dino"),
		word("Animal", "Zoo"),
		word("Princess", "Fairy"),
		word("Space", "Astronaut"),
		word("Farm", "Tractor"),
		word("Pretend Play", "Role Play"),
	],
	features: [
		"Ages 3+",
		"Ages 6+",
		"Easy to Clean",
		"Gift Box",
		"Lights and Sounds",
		"Battery Free",
		"Montessori",
		"Travel Size",
	],
};
