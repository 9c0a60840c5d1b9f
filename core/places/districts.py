"""The 3 cities and 17 districts of Akmola region (R1)."""

from core.named import Named

REGION = Named("Ақмола облысы", "Акмолинская область", "Akmola region")

DISTRICTS: dict[str, Named] = {
    "kokshetau": Named("Көкшетау қаласы", "г. Кокшетау", "Kokshetau city"),
    "kosshy": Named("Қосшы қаласы", "г. Косшы", "Kosshy city"),
    "stepnogorsk": Named("Степногорск қаласы", "г. Степногорск", "Stepnogorsk city"),
    "akkol": Named("Ақкөл ауданы", "Аккольский район", "Akkol district"),
    "arshaly": Named("Аршалы ауданы", "Аршалынский район", "Arshaly district"),
    "astrakhan": Named("Астрахан ауданы", "Астраханский район", "Astrakhan district"),
    "atbasar": Named("Атбасар ауданы", "Атбасарский район", "Atbasar district"),
    "birzhan-sal": Named("Біржан сал ауданы", "район Биржан сал", "Birzhan sal district"),
    "bulandy": Named("Бұланды ауданы", "Буландынский район", "Bulandy district"),
    "burabay": Named("Бурабай ауданы", "Бурабайский район", "Burabay district"),
    "egindykol": Named("Егіндікөл ауданы", "Егиндыкольский район", "Egindykol district"),
    "ereymentau": Named("Ерейментау ауданы", "Ерейментауский район", "Ereymentau district"),
    "esil": Named("Есіл ауданы", "Есильский район", "Esil district"),
    "korgalzhyn": Named("Қорғалжын ауданы", "Коргалжынский район", "Korgalzhyn district"),
    "sandyktau": Named("Сандықтау ауданы", "Сандыктауский район", "Sandyktau district"),
    "shortandy": Named("Шортанды ауданы", "Шортандинский район", "Shortandy district"),
    "tselinograd": Named("Целиноград ауданы", "Целиноградский район", "Tselinograd district"),
    "zerendi": Named("Зеренді ауданы", "Зерендинский район", "Zerendi district"),
    "zhaksy": Named("Жақсы ауданы", "Жаксынский район", "Zhaksy district"),
    "zharkain": Named("Жарқайың ауданы", "Жаркаинский район", "Zharkain district"),
}
"""Code -> name, in the order in which they are offered: cities first."""
