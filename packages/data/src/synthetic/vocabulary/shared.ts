import { type Audience, type Holiday, type Vocabulary, type Word, word } from "./words";

export const WOMEN = word("Women", "Womens", "Women's", "Ladies", "for Women", "Female");
export const MEN = word("Men", "Mens", "Men's", "for Men", "Guys");
export const GIRLS = word("Girls", "Girl's", "for Girls", "Kids", "Little Girl");
export const BOYS = word("Boys", "Boy's", "for Boys", "Kids", "Little Boy");
const FASHION_AUDIENCE: Audience = {
	departments: [WOMEN, MEN, GIRLS, BOYS],
	shares: [0.52, 0.3, 0.1, 0.08],
};

export const WINTER = word("Winter", "Cold Weather", "Snow", "Warm Winter");
export const SPRING = word("Spring", "Springtime", "Spring 2025");
export const SUMMER = word("Summer", "Warm Weather", "Hot Weather", "Summer 2025");
export const FALL = word("Fall", "Autumn", "Fall Winter");
/** In the order of the year, winter first (it starts in December). */
export const SEASONS = [WINTER, SPRING, SUMMER, FALL] as const;

export const HOLIDAYS: readonly Holiday[] = [
	{ ...word("Valentine's Day", "Valentines", "Valentines Day Gift"), day: 44 },
	{ ...word("Easter", "Easter Sunday"), day: 109 },
	{ ...word("Mother's Day", "Mothers Day", "Gift for Mom"), day: 130 },
	{ ...word("Independence Day", "4th of July", "Fourth of July"), day: 184 },
	{ ...word("Back to School", "School Start", "New School Year"), day: 237 },
	{ ...word("Halloween", "Halloween Costume", "Spooky"), day: 303 },
	{ ...word("Christmas", "Xmas", "Christmas Gift", "Holiday Gift"), day: 358 },
];

export const WORK = word("Work", "Office", "Business", "Professional");
export const WEDDING = word("Wedding", "Wedding Guest", "Bridal", "Bridesmaid");
export const PARTY = word("Party", "Night Out", "Club", "Cocktail");
export const TRAVEL = word("Travel", "Vacation", "Trip", "Weekend Getaway");
export const SCHOOL = word("School", "College", "Campus", "Students");
export const BEACH = word("Beach", "Pool", "Resort", "Swim");
export const SPORT = word("Gym", "Workout", "Fitness", "Training");
export const OUTDOOR = word("Outdoor", "Hiking", "Camping", "Trail");
export const DATE = word("Date Night", "Evening", "Dinner");
export const EVERYDAY = word("Everyday", "Daily", "Casual Wear", "Daily Use");

const COLOURS: readonly Word[] = [
	word("Black", "Jet Black"),
	word("White", "Off White", "Ivory"),
	word("Grey", "Gray", "Charcoal"),
	word("Navy", "Navy Blue", "Dark Blue"),
	word("Blue", "Royal Blue", "Denim Blue"),
	word("Sky Blue", "Light Blue", "Baby Blue"),
	word("Red", "Cherry Red", "Scarlet"),
	word("Burgundy", "Wine Red", "Maroon"),
	word("Pink", "Blush", "Hot Pink"),
	word("Purple", "Lavender", "Plum"),
	word("Green", "Olive", "Army Green"),
	word("Teal", "Turquoise"),
	word("Brown", "Coffee", "Chocolate"),
	word("Tan", "Camel", "Cognac"),
	word("Beige", "Khaki", "Nude", "Cream"),
	word("Yellow", "Mustard"),
	word("Orange", "Rust"),
	word("Gold", "Gold Tone"),
	word("Silver", "Silver Tone"),
	word("Multicolor", "Multi", "Colorful"),
];

/** Invented brands; the first ones sell the most. */
const BRANDS: readonly string[] = (
	"Velmora Kestrand Timberlune Oakhollow Maravane Zentriq Halcyra Brixwell Solennia Trevanor Aurellis Nordvika " +
	"Palladine Quillmont Rosavelle Stratford&Finn Thistledown Umbraline Verdanza Wexcombe Yarrowby Zephyrine Alderwyn " +
	"Bellamora Cordovant Dovetree Elmsworth Fiorantha Granthorne Harrowgate Ivoryne Junebrook Kalliste Lornwood Mirabeau " +
	"Northvale Ottoline Pemberwick Rivenna Saltmarsh Tamsin&Co Undertow Vossberg Willowmere Xandrie Ysoldine"
).split(" ");

/** The words that a category shares with the others, or has of its own. */
export function sharedWords(vocabulary: Vocabulary): Required<Pick<Vocabulary, "audience" | "colours" | "brands">> {
	const { audience = FASHION_AUDIENCE, colours = COLOURS, brands = BRANDS } = vocabulary;
	return { audience, colours, brands };
}
