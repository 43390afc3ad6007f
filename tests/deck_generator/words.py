"""Word lists of the fictional decks. No programme here exists; ministries are real, other bodies partly invented."""

from __future__ import annotations

ACTIONS = (
    "Development of",
    "Demonstration of",
    "Support for",
    "Research on",
    "Promotion of",
    "Survey of",
    "Expansion of",
    "Feasibility study on",
    "Introduction of",
    "Maintenance and operation of",
    "Advancement of",
    "Verification of",
)
OBJECTS = (
    "AI-assisted forecasting of river floods",
    "speech models for regional dialects",
    "automated inspection of bridges and tunnels",
    "a shared catalogue of public training data",
    "energy-saving accelerators for edge devices",
    "learning companions for evening schools",
    "robot care assistants in remote islands",
    "AI-based triage of emergency calls",
    "general-purpose models for materials discovery",
    "privacy-preserving analysis of health records",
    "port logistics planning with digital twins",
    "wildlife monitoring by acoustic sensors",
    "trustworthy content labels for news images",
    "computing resources for start-up companies",
    "large-scale evaluation benchmarks for agents",
    "translation of municipal information into ten languages",
    "AI-supported weather services for fisheries",
    "crop disease diagnosis by satellite and drone",
    "secure execution environments for confidential data",
    "predictive maintenance of water infrastructure",
    "simulation of crowd evacuation",
    "rehabilitation robots for stroke patients",
    "open standards for the exchange of model cards",
    "traffic signal control in snowy regions",
    "digitisation of forest registers",
    "libraries of synthetic data for accident prevention",
    "assistance systems for customs clearance",
    "quantum-inspired optimisation of power grids",
    "AI tutors for vocational training",
    "early detection of deepfake videos",
    "watermarking of generated images",
    "anomaly detection in satellite telemetry",
    "matching of farmland and successors",
    "reading aids for visually impaired citizens",
)
TAILS = (
    "",
    "",
    "",
    "",
    "through industry-academia collaboration",
    "in cooperation with local governments",
    "for small and medium enterprises",
    "towards the realisation of carbon-neutral supply chains and resilient regional communities",
    "based on international standards",
    "with a focus on information security and the protection of personal information",
    "in order to accelerate research and development and the social implementation of its results",
    "using an open platform shared by universities, hospitals and research institutes",
)
TRAP_NAMES = (
    "Next-generation Pension Plan 10",
    "Study on AI and Web 3.0",
    "Roadmap towards Beyond 5G",
    "Open Data Catalogue 2030",
    "Harbour Digital Twin (HADITWIN) (2024-2026)",
    "Inspection of bridges, tunnels, embankments, etc.",
    "Skills passport for engineers ; Y Program",
    "Coral – Observation of reefs with general-purpose models –",
    "Hospital network for federated learning (development of infrastructure)",
    "Census Platform 4",
    "Kumonoito",
    "Field trials of firefighting robots / Development of a new training site",
    "SAKURA: Safe Knowledge Use for Regional Administration (second phase, from 2026)",
    "Countermeasures against dis-/mis-information in disasters",
    "Verification of generative AI for tax offices.",
    'Post-5G edge computing R&D for "smart" ports',
)
UMBRELLAS = (
    (
        "Digital cooperation with partner countries",
        ("(Public infrastructure programme)", "(Development bank programme)", "Joint classrooms for AI literacy"),
    ),
    (
        "Regional AI centres",
        ("Northern centre for snow and ice technologies", "(Southern centre: fisheries and reefs)"),
    ),
    (
        "Package for safe public procurement",
        ("Model contracts", "Advisory desk for municipalities", "(Training of procurement officers)"),
    ),
)
NARROW_GROUPS = (
    "Protection of Citizens",
    "Evaluation and Standards",
    "Measures against Disinformation",
    "Rights and Licensing, etc.",
    "Partnerships with Asia and Africa",
    "Rule-making and International Forums",
    "Joint Research, etc.",
    "Resilience of Critical Infrastructure",
)
WIDE_GROUPS = (
    "Research Foundations",
    "Training of Specialists",
    "Use of AI in Society",
    "Computing and Communication Infrastructure",
    "Support for Start-ups",
    "Data Spaces and Open Data",
)
CATEGORIES = (
    "Ensuring AI Safety & Security",
    "Innovation of AI and Innovation by AI",
    "International Collaboration & Cooperation",
)
OTHER_CATEGORIES = (
    "Safe and Secure Use of AI",
    "Promotion of Innovation with AI",
    "Cooperation with Other Countries",
)
TITLES = {
    "framework": "Japan's AI Policy Framework",
    "bill": "Outline of the Bill on Promotion of R&D and Use of AI Technology (the Bill of the AI Act)",
    "institute": "AI Safety Institute",
    "budgets": "Major AI-related Budgets",
    "trends": "Trends in AI-related Budgets",
}
OTHER_TITLES = {
    "framework": "AI Policy Framework of Japan",
    "bill": "Outline of the Bill on R&D and Use of AI Technology (AI Act)",
    "institute": "The AI Safety Institute of Japan",
    "budgets": "Major AI-related Budget Items",
    "trends": "Trends of the AI-related Budgets",
}
PILLARS = ("Mitigating Risks", "Optimal use of AI and R&D", "Skills and Public Participation")
PILLAR_GROUPS = (
    "Specific domains (health, transport, energy)",
    "Across domains",
    "Central Government",
    "Local Government",
    "Schools and Universities",
    "Business",
    "Start-ups and Investors",
    "Citizens and Consumers",
    "Partner Countries",
)
MEASURES = (
    "Application of the existing rules on product safety. ex. elevators (MLIT), medical software (MHLW)",
    "Guide for the use of generative AI in museums and libraries (MEXT)",
    "Reminder on handling of personal information (PPC)",
    "Study on liability in agent-to-agent contracts (CAO)",
    "Handbook for procurement of AI by municipalities (MIC, Digital Agency)",
    (
        "Revision of the guideline for business operators, including open-source developers and providers of "
        "small models (MIC, METI)"
    ),
    "Monitoring of content that misleads voters (MIC)",
    "Joint tests of evaluation tools (relevant ministries)",
    "R&D on detection of forged documents (MIC, METI, etc.)",
    "Advisory service for inventors and artists (MEXT, METI)",
    "Free literacy courses for a wide range of generations (MIC, MEXT)",
    "Shared computing resources for universities and start-ups (METI, MEXT)",
    "Development of training data in minority languages (MIC, etc.)",
    "Support for the development of compact models (METI)",
    "Fundamental research on reasoning and perception (MEXT)",
    "Scholarships and an attractive environment for young researchers (MEXT)",
    "Promotion of AI in agriculture, forestry and fisheries (MAFF)",
    "Data centres in cold regions and undersea cables (MIC, METI)",
    "International joint calls with partner agencies (MIC, METI, MEXT, etc.)",
    "Citizens' panels on AI (under consideration, CAO)",
    "Regular publication of incident statistics (CAO, Digital Agency, etc.)",
    "Compliance with safety laws",
)
SUB_MEASURES = (
    "Checklist for contracts (under preparation, Digital Agency)",
    "Pilot in five prefectures (MIC)",
    "Review after two years",
    "Mutual recognition of certificates (METI)",
)
NECESSITY = (
    "Japan lags behind in private investment in AI.",
    "Two in three citizens feel uneasy about AI.",
    "In addition to existing laws, a new law is needed which supports innovation and responds to risks.",
)
BILL_ROWS = (
    ("Purpose", ("Contributing to a better life of the people, and to the sound development of the economy",), False),
    (
        "Basic Philosophies",
        (
            (
                "Importance for society and security → Maintaining research capabilities, and raising "
                "international competitiveness"
            ),
            "Comprehensive and systematic promotion from basic research to practical use",
            "Transparency, etc. as a condition of proper use",
            "A leading role in international rule-making",
        ),
        True,
    ),
    (
        "AI Strategic Headquarters",
        (
            (
                "Chairperson : the Prime Minister, Members : All ministers of state — Requesting cooperation "
                "from the administrative agencies concerned"
            ),
        ),
        False,
    ),
    (
        "AI Basic Plan",
        ("Basic policy on the measures to be taken for the promotion of research, development and use",),
        False,
    ),
    (
        "Basic Measures",
        (
            "Promotion of research and development, and shared use of facilities (computing centres, etc.) and data",
            "Training of human resources, and promotion of education",
            "Participation in the formulation of international norms",
            (
                "Collection of information, and investigation of cases in which rights and interests of the "
                "people are infringed"
            ),
            "Guidance, advice and provision of information to business operators",
        ),
        True,
    ),
    (
        "Responsibilities",
        (
            (
                "Responsibilities of the State, local governments, research institutes, business operators "
                "and citizens, and stronger ties between them"
            ),
            "Business operators must cooperate with the measures of the State, etc.",
        ),
        True,
    ),
    ("Supplementary Provisions", ("Review after five years (measures as required)",), False),
)
BILL_BOX = (
    "Towards a legal system others can look to",
    (
        "Promoting innovation and responding to risks in line with international norms",
        "A country in which AI is easy to develop and easy to use",
    ),
)
TOP_STATEMENTS = (
    ("Earlier Strategies", ('"Social Principles of Human-Centric AI (2019.3)", "AI Strategy 2022"',)),
    (
        "Rapid Change of Technology",
        ("Agents and multimodal models contribute to Society 5.0.", "Accidents and misuse are more imminent."),
    ),
    (
        "International Discussions",
        (
            "The group of friends met in three capitals. (Kobe Process)",
            "61 countries and regions support the declaration.",
        ),
    ),
)
COUNCIL = (
    "AI Strategic Council [experts], AI Strategy Promotion Taskforce [relevant ministries]",
    (
        '"Interim Summary" (June 12, 2024, compiled by the Council)',
        "Annual Innovation Strategy (July 2, 2025, Cabinet Decision)",
    ),
)
INSTITUTE = (
    (
        "The institute was established at the Information-technology Agency in cooperation with ministries "
        "and national laboratories, and works as a hub for AI safety."
    ),
    (
        "Its present tasks are the study of AI safety (evaluation, red-teaming, disinformation, etc.), "
        "preparation of standards, advice on evaluation methods, and collaboration with sister institutes in "
        "other countries, etc."
    ),
    "Results are published every quarter.",
)
DIRECTORS = (
    (
        "Executive Director Hanako Midorikawa",
        ("Visiting Professor, University of the Northern Sea.", "Former head of research at Kitanagi Systems, Inc."),
    ),
    (
        "Executive Director Taro Shirakaba",
        ("Senior Fellow, Institute for Public Software.", "Served as adviser to three municipal governments."),
    ),
)
MINISTRIES = (
    "Cabinet Office (Secretariat for Science, Technology and Innovation)",
    "Digital Agency",
    "Ministry of Foreign Affairs",
    "Ministry of Economy, Trade and Industry",
    "National Police Agency",
    "Ministry of Internal Affairs and Communications",
    "Ministry of Education, Culture, Sports, Science and Technology",
    "Ministry of Defense",
    "Ministry of Health, Labour and Welfare",
    "Ministry of Land, Infrastructure, Transport and Tourism",
    "Financial Services Agency",
    "Ministry of the Environment",
)
ORGANIZATIONS = (
    "National Institute of Information and Communications Technology (NICT)",
    "RIKEN",
    "National Institute of Informatics",
    "National Institute of Advanced Industrial Science and Technology (AIST)",
    "Institute for Public Software (IPS)",
    "Centre for Evaluation of Language Technologies",
)
EXTRAS = (
    (
        "Timetable of the AI Basic Plan",
        (
            "Public comment : autumn",
            "Cabinet decision : by the end of the fiscal year",
            "Follow-up every year by the AI Strategic Headquarters",
        ),
    ),
    (
        "Questions for the Next Meeting",
        (
            "Which measures should be given priority in regional areas?",
            (
                "How should the results of pilot projects be published, and by whom, so that other "
                "municipalities can make use of them?"
            ),
            "What remains to be done for schools?",
        ),
    ),
)
