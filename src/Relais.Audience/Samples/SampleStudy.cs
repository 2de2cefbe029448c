using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Studies;

namespace Relais.Audience.Samples;

/// <summary>The study of `relais demo`: stations that nobody can take for real ones.</summary>
internal static class SampleStudy
{
    public const string Name = "Radio nationale (exemple, entretiens générés)";

    public static StudySettings Settings { get; } = StudySettings.New with
    {
        Columns = new SurveyColumns("id", null, "region"),
        Stations =
        [
            new("EX1", "Exemple Info", "Réseau Exemple"), new("EX2", "Exemple Musique", "Réseau Exemple"), new("EX3", "Exemple Culture", "Réseau Exemple"),
            new("EX4", "Exemple Régions", "Réseau Exemple"), new("DE1", "Démo FM", "Réseau Démo"), new("DE2", "Démo Hits", "Réseau Démo"),
            new("DE3", "Démo Classique", "Réseau Démo"), new("MO1", "Radio Modèle", "Réseau Modèle"), new("MO2", "Modèle Sport", "Réseau Modèle"),
            new("IN1", "Radio Essai", ""), new("IN2", "Radio Spécimen", ""), new("IN3", "Échantillon Rock", ""), new("IN4", "Radio Fictive", ""),
        ],
        Groups = [new("Généralistes", ["EX1", "EX4", "MO1"]), new("Musicales", ["EX2", "DE1", "DE2", "DE3", "IN3"])],
        Bands =
        [
            new("0500-2400", "Journée"), new("0600-0900", "Matin"), new("0900-1200", "Matinée"), new("1200-1400", "Midi"), new("1400-1700", "Après-midi"),
            new("1700-2000", "Fin de journée"), new("2000-2400", "Soirée"),
        ],
        Targets =
        [
            new("13 ans et plus", "all"), new("Hommes", "sex = 'H'"), new("Femmes", "sex = 'F'"), new("13-24 ans", "age = '13-24'"), new("25-49 ans", "age in ('25-34', '35-49')"),
            new("50-64 ans", "age = '50-64'"), new("65 ans et plus", "age = '65+'"), new("Île-de-France", "region = 'Île-de-France'"), new("Corse", "region = 'Corse'"),
            new("Lundi-vendredi", "day = 'LV'"), new("Samedi", "day = 'S'"), new("Dimanche", "day = 'D'"),
        ],
        Scheme = new SchemeSetting(CalibrationMethod.Raking, null, null, 1e-10),
        Publication = new PublicationSetting(100, 15),
    };

    /// <summary>How much each station is liked: by everybody, and by which age class most; the third says how it changes from wave to wave.</summary>
    public static IReadOnlyList<(double Weight, int Age, double Growth)> Liking { get; } =
    [
        (13, 3, 1.16), (11, 1, 1.0), (4, 4, 1.02), (9, 4, 0.94), (10, 2, 0.97), (12, 0, 0.84), (4, 4, 1.0), (11, 3, 1.0), (4, 2, 1.05), (3, 1, 1.0), (2, 2, 1.1), (5, 1, 1.0), (1, 0, 1.0),
    ];
}
