"""Lists of words from which the sample makes its people and companies; none stands for anybody real."""

_FIRST_NAMES = """
    Ada Amir Anouk Bela Bruno Chidi Clara Dario Dilan Elif Emre Esme Farah Felix Greta Hana Hugo Ines Ivo Jana Jonas
    José Kaito Keira Lena Liam Lucía Mara Mateo Mila Nadia Niko Noor Olga Omar Petra Priya Quinn Ravi Rosa Samir Selma
    Tariq Tessa Uma Viktor Wanda Yara Yusuf Zoë
"""
_LAST_NAMES = """
    Abara Adler Almeida Banerji Barlow Bauer Calloway Cardoso Castell Dahl Demir Dorsey Eklund Falk Faria Ferris Garnet
    Grau Haddad Halloran Hartwig Ilic Jansky Kadir Kessler Kimura Lindqvist Lomax Madaki Marsh Moreau Nakata Novotny
    Ogden Okoro Pavlic Pereda Quist Radić Rowntree Sandoval Sorel Stroud Tamura Thorne Ueda Varga Vossen Weller Yilmaz
"""
_ADJECTIVES = """
    amber ashen birch bright cobalt coral dusk ember fern flint frost gilded hazel ivory jade linden lunar maple misty
    opal quiet rustic sable silver slate solar teal umber violet winter
"""
_NOUNS = """
    anvil atlas barge beacon bridge canyon compass delta engine fjord forge garden harrow island kiln lantern ledger
    loom mill orbit pier quarry relay rigging signal summit thicket turbine vault weir
"""

FIRST_NAMES = _FIRST_NAMES.split()
LAST_NAMES = _LAST_NAMES.split()
ADJECTIVES = _ADJECTIVES.split()
NOUNS = _NOUNS.split()
COMPANY_SUFFIXES = ["Labs", "Systems", "Software", "Works", "Technologies", "Group", "Cloud", "Data"]
