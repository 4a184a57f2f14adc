"""The data sets that come with rnnviz: what each is, where it is from, and how it is read."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.document.data_set import DataSet
from rnnviz.document.examples import AnyExamples
from rnnviz.document.reading import read
from rnnviz.engine.errors import UnknownError

_HUTTO = "C.J. Hutto and Eric Gilbert, VADER, ICWSM 2014"
_REVIEWS = ("licences/vader.txt", "licences/cc-by-4.0.txt")
_OWN = ("own/LICENCE.txt",)

DATA_SETS = (
    DataSet(
        name="product_reviews",
        title="Product reviews",
        file="product_reviews.tsv",
        form="labelled",
        use="text",
        licence="MIT; the sentences CC BY 4.0",
        licence_files=_REVIEWS,
        source=f"{_HUTTO}; sentences of Minqing Hu and Bing Liu, 2004",
        note="Sentences with the mean judgement of some twenty people (-4 to 4) as score; pos from "
        "1, neg to -1, neu within 0.5. Negated sentences were taken first.",
        lower=True,
    ),
    DataSet(
        name="movie_reviews",
        title="Film reviews",
        file="movie_reviews.tsv",
        form="labelled",
        use="text",
        licence="MIT; the sentences CC BY 4.0",
        licence_files=_REVIEWS,
        source=f"{_HUTTO}; sentences of Bo Pang and Lillian Lee, 2005",
        note="As the product reviews; critics rarely say nothing, so neu is scarce.",
        lower=True,
    ),
    DataSet(
        name="pos_english",
        title="Parts of speech, English",
        file="own/pos_english.conll",
        form="tagged",
        use="text",
        licence="CC0 1.0",
        licence_files=_OWN,
        source="written for rnnviz",
        note="Sentences written to teach: many of their words change their part of speech.",
        lower=True,
    ),
    DataSet(
        name="cantonese_pos",
        title="Parts of speech, Cantonese",
        file="cantonese_pos.conll",
        form="tagged",
        use="text",
        licence="CC BY 4.0",
        licence_files=("licences/hkcancor.txt", "licences/hkcancor-readme.txt"),
        source="K.K. Luke and May L.Y. Wong, Hong Kong Cantonese Corpus, 2015",
        note="Real talk, tagged by people; the tags were made universal by the table of "
        "PyCantonese.",
    ),
    DataSet(
        name="ner_english",
        title="Names in text, English",
        file="own/ner_english.conll",
        form="tagged",
        use="text",
        licence="CC0 1.0",
        licence_files=_OWN,
        source="written for rnnviz",
        note="Sentences written to teach, with the tags B-, I- and O.",
    ),
    DataSet(
        name="feelings",
        title="Feelings, step by step",
        file="own/feelings.conll",
        form="tagged",
        use="text",
        licence="CC0 1.0",
        licence_files=_OWN,
        source="written for rnnviz",
        note="Short sentences put together to teach denial; a tag says what each beginning of a "
        "sentence feels like.",
        lower=True,
    ),
    DataSet(
        name="english_french",
        title="English to French",
        file="english_french.tsv",
        form="pairs",
        use="text",
        licence="BSD-3-Clause",
        licence_files=("licences/jupyterlab-fr.txt",),
        source="Project Jupyter, language packs of JupyterLab",
        note="Phrases of a program's interface in small letters, at most six English words.",
        lower=True,
    ),
    DataSet(
        name="english_chinese",
        title="English to Chinese",
        file="english_chinese.tsv",
        form="pairs",
        use="text",
        licence="BSD-3-Clause",
        licence_files=("licences/jupyterlab-zh.txt",),
        source="Project Jupyter, language packs of JupyterLab",
        note="Phrases of a program's interface; a Chinese character is a token.",
        lower=True,
    ),
    DataSet(
        name="sounds",
        title="Spelling to sound",
        file="sounds.tsv",
        form="pairs",
        use="text",
        licence="BSD-2-Clause",
        licence_files=("licences/cmudict.txt",),
        source="Carnegie Mellon Pronouncing Dictionary",
        note="Common English words, letter by letter, and their phonemes without the stress.",
        tokeniser="characters",
        target="spaces",
    ),
    DataSet(
        name="names",
        title="First names",
        file="names.tsv",
        form="labelled",
        use="text",
        licence="CC0 1.0",
        licence_files=("licences/first-names.txt",),
        source="Grady Ward, Moby Word II",
        note="Letter by letter, with the list a name is in: female, male or either.",
        tokeniser="characters",
        lower=True,
    ),
    DataSet(
        name="moby_dick",
        title="Moby Dick, chapters 1 to 10",
        file="moby_dick.txt",
        form="lines",
        use="text",
        licence="CC0 1.0",
        licence_files=("licences/moby-dick.txt",),
        source="Herman Melville, 1851",
        note="One sentence a line, in the order of the book.",
    ),
    DataSet(
        name="tang_poems",
        title="Tang poems",
        file="tang_poems.txt",
        form="lines",
        use="text",
        licence="MIT; the poems are in the public domain",
        licence_files=(
            "licences/chinese-poetry.txt",
            "licences/opencc.txt",
            "licences/opencc-notice.txt",
        ),
        source="chinese-poetry; poets of the Tang dynasty",
        note="Four or eight lines of five or seven characters, in simplified characters.",
    ),
    DataSet(
        name="analects",
        title="The Analects of Confucius",
        file="analects.txt",
        form="lines",
        use="text",
        licence="MIT; the text is in the public domain",
        licence_files=("licences/chinese-poetry.txt",),
        source="chinese-poetry; the disciples of Confucius",
        note="Every saying of the twenty books, in simplified characters.",
    ),
    DataSet(
        name="seattle_weather",
        title="Weather of Seattle, 2012 to 2015",
        file="seattle_weather.csv",
        form="table",
        use="time series",
        licence="U.S. Government work",
        licence_files=("licences/seattle-weather.txt",),
        source="NOAA National Climatic Data Center, in vega-datasets",
        note="Rain in mm, temperatures in degrees Celsius, wind, and the weather of each day.",
    ),
    DataSet(
        name="sunspots",
        title="Sunspots, 1700 to 2008",
        file="sunspots.csv",
        form="table",
        use="time series",
        licence="public domain",
        licence_files=("licences/statsmodels.txt",),
        source="National Geophysical Data Center, in statsmodels",
        note="The mean number of every year; a cycle of about eleven years.",
    ),
    DataSet(
        name="co2",
        title="Carbon dioxide of Mauna Loa, 1958 to 2001",
        file="co2.csv",
        form="table",
        use="time series",
        licence="public domain",
        licence_files=("licences/statsmodels.txt",),
        source="C.D. Keeling and T.P. Whorf, in statsmodels",
        note="Parts in a million every week, with gaps; a trend and the breath of the seasons.",
    ),
    DataSet(
        name="sensors",
        title="Sensors with introduced events",
        file="sensors.csv",
        form="table",
        use="time series",
        licence="ODC-By 1.0; the contents CC BY 4.0",
        licence_files=("licences/sensor-network.txt",),
        source="Shan Suthaharan and others, ISSNIP 2010",
        note="Humidity in percent and temperature in degrees Celsius every five seconds, eight "
        "sensors. Four of them were disturbed on purpose for a while: event.",
    ),
    DataSet(
        name="promoters",
        title="Promoters of E. coli",
        file="promoters.tsv",
        form="labelled",
        use="DNA",
        licence="CC BY 4.0",
        licence_files=("licences/cc-by-4.0.txt", "licences/kernlab.txt"),
        source="C. Harley, R. Reynolds and M. Noordewier, UCI Machine Learning Repository, 1990",
        note="57 nucleotides each. So few examples that a score needs cross-validation.",
        tokeniser="characters",
    ),
    DataSet(
        name="japanese_vowels",
        title="Japanese vowels of nine speakers",
        file="japanese_vowels.csv",
        form="table",
        use="audio",
        licence="CC BY 4.0",
        licence_files=("licences/cc-by-4.0.txt", "licences/sktime.txt"),
        source="M. Kudo, J. Toyama and M. Shimbo, UCI Machine Learning Repository, 1999",
        note="Twelve cepstral coefficients in each of 7 to 29 frames; who speaks? The parts for "
        "training and for the test are the source's own.",
    ),
    DataSet(
        name="clicks",
        title="Clicks in a shop",
        file="clicks.txt",
        form="lines",
        use="user behaviour",
        licence="Apache-2.0",
        licence_files=("licences/retentioneering.txt", "licences/retentioneering-notice.txt"),
        source="Maxim Godzi, Vladimir Kukushkin and Anatoly Zaytsev, retentioneering",
        note="Synthetic: the visitors were invented by a program with known odds.",
        tokeniser="spaces",
    ),
)


def find(name: str) -> DataSet:
    """The data set called `name`.

    Raises
    ------
    UnknownError
        When there is none.
    """
    for entry in DATA_SETS:
        if entry.name == name:
            return entry
    raise UnknownError("data set", name, tuple(entry.name for entry in DATA_SETS))


def load(name: str) -> AnyExamples:
    """The examples of the data set called `name`.

    Raises
    ------
    UnknownError
        When there is none.
    DataError
        When its file was changed into something else.
    """
    entry = find(name)
    examples = read(
        entry.path,
        entry.form,
        tokeniser=entry.tokeniser,
        target=entry.target,
        lower=entry.lower,
    )
    return replace(examples, name=entry.title)
