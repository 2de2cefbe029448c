using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

internal static partial class Say
{
    public static Finding UnknownColumn(Origin origin, string column, string? nearest) => Warning("unknown-column", origin,
        $"La colonne « {Cut(column)} » n'est pas connue et n'est pas lue.{MeantFr(nearest)} Corrigez le titre ou supprimez la colonne.",
        $"The column \"{Cut(column)}\" is not known and is not read.{MeantEn(nearest)} Correct its head or remove the column.");

    public static Finding ColumnNotUsed(Origin origin, string column) => Note("column-not-used", origin,
        $"La colonne « {Cut(column)} » n'a pas d'effet au téléphone (image, son, attribut propre à un autre logiciel).",
        $"The column \"{Cut(column)}\" has no effect on the telephone (picture, sound, an attribute of another program).");

    public static Finding DoubleColumn(Origin origin, string column) => Warning("double-column", origin,
        $"La colonne « {Cut(column)} » existe déjà plus à gauche : seule la première cellule remplie compte. Supprimez l'une des deux.",
        $"There is a column \"{Cut(column)}\" further left already: only the first filled cell counts. Remove one of them.");

    public static Finding CellWithoutHead(Origin origin) => Note("cell-without-head", origin,
        "Cette cellule est dans une colonne sans titre : elle n'est pas lue.",
        "This cell is in a column without a head: it is not read.");

    public static Finding Formula(Origin origin, string value) => Warning("formula-cell", origin,
        $"Cette cellule est une formule ; c'est sa dernière valeur enregistrée, « {Cut(value)} », qui compte. Remplacez-la par sa valeur.",
        $"This cell is a formula; the value it was saved with, \"{Cut(value)}\", is what counts. Replace it by its value.");

    public static Finding FormulaWithoutValue(Origin origin) => Error("formula-without-value", origin,
        "Cette cellule est une formule sans valeur enregistrée. Remplacez-la par sa valeur.",
        "This cell is a formula that was saved without a value. Replace it by its value.");

    public static Finding ErrorCell(Origin origin, string value) => Error("error-cell", origin,
        $"Cette cellule contient une erreur de tableur ({value}). Écrivez la valeur voulue.",
        $"This cell holds a spreadsheet error ({value}). Write the value that is meant.");

    public static Finding BadValue(Origin origin, string value, string allowed) => Error("bad-value", origin,
        $"« {Cut(value)} » n'est pas permis ici. Valeurs possibles : {allowed}.",
        $"\"{Cut(value)}\" is not allowed here. Possible values: {allowed}.");

    public static Finding NotForType(Origin origin, string column, string type) => Warning("column-not-for-type", origin,
        $"La colonne « {column} » n'a pas d'effet sur une ligne « {Cut(type)} ». Videz la cellule.",
        $"The column \"{column}\" has no effect on a row of type \"{Cut(type)}\". Empty the cell.");

    public static Finding SecondSettingsRow(Origin origin) => Warning("second-settings-row", origin,
        "Seule la première ligne de la feuille settings est lue. Supprimez celle-ci.",
        "Only the first row of the sheet settings is read. Remove this one.");

    public static Finding RowDisabled(Origin origin) => Note("row-disabled", origin,
        "Ligne désactivée par sa colonne « disabled » : elle n'est pas lue.",
        "Row disabled by its column \"disabled\": it is not read.");

    public static Finding BadParameters(Origin origin, string written) => Error("bad-parameters", origin,
        $"« {Cut(written)} » ne se lit pas. Écrivez nom=valeur, séparés par des espaces : start=1 end=10.",
        $"\"{Cut(written)}\" cannot be read. Write name=value, separated by blanks: start=1 end=10.");

    public static Finding UnknownParameter(Origin origin, string name, IReadOnlyList<string> known) => Warning("unknown-parameter", origin,
        $"Le paramètre « {Cut(name)} » n'existe pas pour ce type.{(known.Count == 0 ? "" : " Paramètres possibles : " + string.Join(", ", known) + ".")}",
        $"This type has no parameter \"{Cut(name)}\".{(known.Count == 0 ? "" : " Possible parameters: " + string.Join(", ", known) + ".")}");

    public static Finding RangeParameters(Origin origin) => Error("bad-range", origin,
        "Une ligne « range » demande des nombres start < end et step > 0, par exemple start=0 end=10 step=1.",
        "A row of type range needs numbers with start < end and step > 0, such as start=0 end=10 step=1.");

    public static Finding DayWithoutStations(Origin origin) => Error("day-without-stations", origin,
        "Une journée d'écoute a besoin de sa liste de stations : parameters = stations=NOM_DE_LISTE.",
        "A listening day needs its list of stations: parameters = stations=NAME_OF_LIST.");

    public static Finding DayHours(Origin origin) => Error("day-hours", origin,
        "Les heures de la journée d'écoute ne vont pas : first < last, au plus 24 heures, en tranches entières. Exemple : first=05:00 last=29:00 slot=15.",
        "The hours of the listening day do not fit: first < last, at most 24 hours, whole slots. Example: first=05:00 last=29:00 slot=15.");

    public static Finding MomentHours(Origin origin, string name) => Error("moment-hours", origin,
        $"Le moment « {Cut(name)} » doit avoir des colonnes from et to au format HH:mm, from avant to.",
        $"The moment \"{Cut(name)}\" must have columns from and to as HH:mm, from before to.");
}
