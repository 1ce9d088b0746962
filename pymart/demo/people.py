"""Who sells and buys in the demo shop. GSTINs have the right shape and check character, and belong to nobody."""

from dataclasses import dataclass

from pymart.common.india import GST_STATE_CODES, gstin_check_character

DOMAIN = "pymart.test"
PASSWORD = "pymart-demo-1"  # noqa: S105 - public on purpose: these users exist in the demo only
ADMIN = ("admin@pymart.test", "Kavita Raman")


@dataclass(frozen=True)
class Place:
    line1: str
    line2: str
    city: str
    state: str
    pincode: str


@dataclass(frozen=True)
class Shop:
    slug: str
    name: str
    legal_name: str
    owner: str
    email: str
    pan: str
    place: Place
    phone: str
    approved: bool = True

    @property
    def gstin(self) -> str:
        first = f"{GST_STATE_CODES[self.place.state]}{self.pan}1Z"
        return first + gstin_check_character(first)


@dataclass(frozen=True)
class Buyer:
    name: str
    email: str
    phone: str
    places: tuple[Place, ...]


SHOPS = (
    Shop(
        "rangrez-loom-house",
        "Rangrez Loom House",
        "Rangrez Textiles LLP",
        "Farida Rangrez",
        f"seller@{DOMAIN}",
        "AAKFR4417L",
        Place("Plot 14, Sanganer Block Printers' Lane", "", "Jaipur", "Rajasthan", "302029"),
        "+919829014417",
    ),
    Shop(
        "annapoorna-provisions",
        "Annapoorna Provisions",
        "Annapoorna Foods Private Limited",
        "Lakshmi Subramaniam",
        f"annapoorna@{DOMAIN}",
        "AAFCA8265Q",
        Place("27 Usman Road, T. Nagar", "", "Chennai", "Tamil Nadu", "600017"),
        "+919840082650",
    ),
    Shop(
        "bengaluru-circuit",
        "Bengaluru Circuit Co.",
        "Bengaluru Circuit Company Private Limited",
        "Naveen Gowda",
        f"circuit@{DOMAIN}",
        "AAHCB5092M",
        Place("3rd Floor, 88 Sadar Patrappa Road", "", "Bengaluru", "Karnataka", "560002"),
        "+919880050921",
    ),
    Shop(
        "sahyadri-homeware",
        "Sahyadri Homeware",
        "Sahyadri Homeware",
        "Mandar Kulkarni",
        f"sahyadri@{DOMAIN}",
        "BQXPK7734F",
        Place("Gat 212, Wagholi Industrial Estate", "", "Pune", "Maharashtra", "412207"),
        "+919822077341",
    ),
    Shop(
        "ayur-vatika",
        "Ayur Vatika",
        "Ayur Vatika Naturals LLP",
        "Sreeja Menon",
        f"vatika@{DOMAIN}",
        "ABNFA3158C",
        Place("XII/410 Ollur Road", "", "Thrissur", "Kerala", "680001"),
        "+919847031589",
    ),
    Shop(
        "college-street-books",
        "College Street Books & Crafts",
        "Banerjee & Daughters",
        "Ananya Banerjee",
        f"college.street@{DOMAIN}",
        "AADFB6620K",
        Place("11/2 Shyama Charan De Street", "", "Kolkata", "West Bengal", "700073"),
        "+919830066204",
    ),
    Shop(
        "maidan-sports",
        "Maidan Sports & Toys",
        "Maidan Sports Goods Private Limited",
        "Harpreet Dhillon",
        f"maidan@{DOMAIN}",
        "AAJCM1843H",
        Place("46 Suraj Kund Road", "", "Meerut", "Uttar Pradesh", "250001"),
        "+919837018432",
    ),
    Shop(  # waits for approval, so that staff have something to decide
        "kullu-wool-collective",
        "Kullu Wool Collective",
        "Kullu Wool Producers",
        "Tenzin Negi",
        f"kullu@{DOMAIN}",
        "AAGFK2906D",
        Place("Akhara Bazaar, above the Co-operative Bank", "", "Kullu", "Himachal Pradesh", "175101"),
        "+919816029063",
        approved=False,
    ),
)

BUYERS = (
    Buyer(
        "Asha Verma",
        f"buyer@{DOMAIN}",
        "+919810012345",
        (
            Place("B-402, Silver Oak Apartments", "Sector 56", "Gurugram", "Haryana", "122011"),
            Place("House 17, Nandanvan Colony", "Behind State Bank", "Bhopal", "Madhya Pradesh", "462016"),
        ),
    ),
    Buyer(
        "Imran Sheikh",
        f"buyer2@{DOMAIN}",
        "+919820023456",
        (Place("Flat 9, Noor Manzil", "Hill Road, Bandra West", "Mumbai", "Maharashtra", "400050"),),
    ),
    *(
        Buyer(name, f"{name.split()[0].lower()}.{name.split()[-1].lower()}@{DOMAIN}", phone, (place,))
        for name, phone, place in (
            ("Priya Nair", "+919846011201", Place("TC 24/1180", "Thycaud", "Thiruvananthapuram", "Kerala", "695014")),
            ("Rohan Deshpande", "+919823011202", Place("12 Prabhat Road", "Lane 4", "Pune", "Maharashtra", "411004")),
            ("Sunita Yadav", "+919415011203", Place("C-31 Indira Nagar", "", "Lucknow", "Uttar Pradesh", "226016")),
            ("Arjun Reddy", "+919848011204", Place("8-2-293, Road 10", "", "Hyderabad", "Telangana", "500034")),
            ("Meera Iyer", "+919841011205", Place("5 Second Main Road", "Adyar", "Chennai", "Tamil Nadu", "600020")),
            ("Debjani Ghosh", "+919831011206", Place("44 Lake Place", "", "Kolkata", "West Bengal", "700029")),
            ("Gurpreet Kaur", "+919815011207", Place("1180 Sector 34-C", "", "Chandigarh", "Chandigarh", "160022")),
            ("Vikram Shah", "+919825011208", Place("7 Satyam Society", "", "Ahmedabad", "Gujarat", "380015")),
            ("Nisha Patil", "+919822011209", Place("Plot 22, Ramdaspeth", "", "Nagpur", "Maharashtra", "440010")),
            ("Karthik Rao", "+919845011210", Place("61, 4th Cross", "Jayanagar", "Bengaluru", "Karnataka", "560011")),
            ("Zoya Ansari", "+919810011211", Place("F-12 Jamia Enclave", "", "New Delhi", "Delhi", "110025")),
            ("Manish Agarwal", "+919829011212", Place("18 Gopalpura Bypass", "", "Jaipur", "Rajasthan", "302018")),
            ("Lalita Murmu", "+919431011213", Place("Near Bus Stand", "Doranda", "Ranchi", "Jharkhand", "834002")),
            ("Siddharth Jain", "+919826011214", Place("204 Saket Heights", "", "Indore", "Madhya Pradesh", "452018")),
            ("Fatima D'Souza", "+919822011215", Place("House 91", "Fontainhas", "Panaji", "Goa", "403001")),
            ("Bhavna Joshi", "+919412011216", Place("14 Rajpur Road", "", "Dehradun", "Uttarakhand", "248001")),
            ("Ravi Shankar", "+919835011217", Place("Boring Road", "", "Patna", "Bihar", "800001")),
            ("Anjali Menon", "+919847011218", Place("36 Panampilly Nagar", "", "Ernakulam", "Kerala", "682036")),
            ("Tenzing Bhutia", "+919832011219", Place("Tibet Road", "", "Gangtok", "Sikkim", "737101")),
            ("Hema Borah", "+919435011220", Place("Uzan Bazar", "", "Guwahati", "Assam", "781001")),
            ("Pooja Sahoo", "+919437011221", Place("N-3/214 IRC Village", "", "Bhubaneswar", "Odisha", "751015")),
            ("Amit Chauhan", "+919816011222", Place("Lower Kaithu", "", "Shimla", "Himachal Pradesh", "171003")),
        )
    ),
)
