"""The languages for which fastText's authors publish vectors, as <https://fasttext.cc/docs/en/crawl-vectors.html> lists
them: English and 157 others. Of each the code that its file's name has, and its name in English.

Varieties stand behind the language that they are of: "Punjabi (Western)".
"""

_LIST = """
af Afrikaans, sq Albanian, als Alemannic, am Amharic, ar Arabic, arz Arabic (Egyptian), an Aragonese, hy Armenian, as
Assamese, ast Asturian, az Azerbaijani, azb Azerbaijani (Southern), ba Bashkir, eu Basque, bar Bavarian, be
Belarusian, bn Bengali, bh Bihari, bpy Bishnupriya Manipuri, bs Bosnian, br Breton, bg Bulgarian, my Burmese, ca
Catalan, ceb Cebuano, bcl Central Bicolano, ce Chechen, zh Chinese, cv Chuvash, co Corsican, hr Croatian, cs Czech, da
Danish, dv Divehi, nl Dutch, eml Emilian-Romagnol, en English, myv Erzya, eo Esperanto, et Estonian, hif Fiji Hindi,
fi Finnish, fr French, gl Galician, ka Georgian, de German, gom Goan Konkani, el Greek, gu Gujarati, ht Haitian
Creole, he Hebrew, mrj Hill Mari, hi Hindi, hu Hungarian, is Icelandic, io Ido, ilo Ilokano, id Indonesian, ia
Interlingua, ga Irish, it Italian, ja Japanese, jv Javanese, kn Kannada, pam Kapampangan, kk Kazakh, km Khmer, ko
Korean, ku Kurdish (Kurmanji), ckb Kurdish (Sorani), ky Kyrgyz, la Latin, lv Latvian, li Limburgish, lt Lithuanian,
lmo Lombard, nds Low Saxon, lb Luxembourgish, mk Macedonian, mai Maithili, mg Malagasy, ms Malay, ml Malayalam, mt
Maltese, gv Manx, mr Marathi, mzn Mazandarani, mhr Meadow Mari, min Minangkabau, xmf Mingrelian, mwl Mirandese, mn
Mongolian, nah Nahuatl, nap Neapolitan, ne Nepali, new Newar, frr North Frisian, nso Northern Sotho, no Norwegian
(Bokmål), nn Norwegian (Nynorsk), oc Occitan, or Odia, os Ossetian, pfl Palatinate German, ps Pashto, fa Persian, pms
Piedmontese, pl Polish, pt Portuguese, pa Punjabi (Eastern), pnb Punjabi (Western), qu Quechua, ro Romanian, rm
Romansh, ru Russian, sah Sakha, sa Sanskrit, sc Sardinian, sco Scots, gd Scottish Gaelic, sr Serbian, sh Serbo-
Croatian, scn Sicilian, sd Sindhi, si Sinhala, sk Slovak, sl Slovenian, so Somali, es Spanish, su Sundanese, sw
Swahili, sv Swedish, tl Tagalog, tg Tajik, ta Tamil, tt Tatar, te Telugu, th Thai, bo Tibetan, tr Turkish, tk Turkmen,
uk Ukrainian, hsb Upper Sorbian, ur Urdu, ug Uyghur, uz Uzbek, vec Venetian, vi Vietnamese, vo Volapük, wa Walloon,
war Waray, cy Welsh, vls West Flemish, fy West Frisian, yi Yiddish, yo Yoruba, diq Zazaki, zea Zeelandic
"""
FASTTEXT_LANGUAGES: dict[str, str] = {
    code: name for code, _, name in (entry.strip().partition(" ") for entry in _LIST.replace("\n", " ").split(","))
}
"""Name of each language by its code, in the order of the names."""
