using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import.Workbooks;

namespace Relais.Fieldwork.Forms.Checks;

internal static partial class Say
{
    public static Finding Refused(WorkbookRefusal refusal) => refusal switch
    {
        WorkbookRefusal.NotAWorkbook => NotAForm(),
        WorkbookRefusal.Damaged => Error("damaged-file", Origin.File,
            "Le classeur est endommagé et ne se lit pas. Ouvrez-le dans un tableur, enregistrez-le de nouveau en .xlsx, et réessayez.",
            "The workbook is damaged and cannot be read. Open it in a spreadsheet, save it again as .xlsx, and try again."),
        WorkbookRefusal.TooLarge => TooLarge(),
        WorkbookRefusal.Encrypted => Error("encrypted-file", Origin.File,
            "Le classeur est protégé par un mot de passe. Enregistrez-le sans mot de passe.",
            "The workbook is protected by a password. Save it without one."),
        WorkbookRefusal.TooOld => Error("old-file", Origin.File,
            "Le classeur date d'un Excel d'avant 97. Enregistrez-le en .xlsx.",
            "The workbook is of an Excel before 97. Save it as .xlsx."),
    };

    public static Finding NotAForm() => Error("not-a-form", Origin.File,
        "Ce fichier n'est ni un classeur .xlsx ou .xls, ni un XForm en XML.",
        "This file is neither an .xlsx or .xls workbook nor an XForm in XML.");

    public static Finding TooLarge() => Error("file-too-large", Origin.File,
        "Le fichier dépasse ce qu'un questionnaire peut contenir, compressé ou décompressé. Supprimez les feuilles et lignes inutiles ; mettez les grandes listes dans un fichier .csv.",
        "The file is larger than a questionnaire can be, packed or unpacked. Remove sheets and rows that are not needed; put large lists into a .csv file.");

    public static Finding NoSurvey(IReadOnlyList<string> sheets) => Error("no-survey-sheet", Origin.File,
        $"Il n'y a pas de feuille « survey ». Feuilles trouvées : {Cut(string.Join(", ", sheets))}. Nommez « survey » celle des questions.",
        $"There is no sheet \"survey\". Sheets found: {Cut(string.Join(", ", sheets))}. Name the one with the questions \"survey\".");

    public static Finding EmptySurvey(Origin origin) => Error("empty-survey", origin,
        "La feuille « survey » ne contient aucune question. Écrivez une ligne par question sous les titres de colonnes.",
        "The sheet \"survey\" has no question. Write a row for each question below the heads of the columns.");

    public static Finding SheetNotRead(string sheet) => Note("sheet-not-read", new Origin(sheet, 0, 0),
        "Cette feuille n'est pas lue : seules survey, choices, external_choices et settings le sont.",
        "This sheet is not read: only survey, choices, external_choices and settings are.");

    public static Finding FileMissing(Origin origin, string file) => Error("file-missing", origin,
        $"Le fichier « {Cut(file)} » n'a pas été fourni. Déposez-le à côté du questionnaire.",
        $"The file \"{Cut(file)}\" was not given. Put it beside the questionnaire.");

    public static Finding FileUnreadable(Origin origin, string file, int line) => Error("file-unreadable", origin,
        $"Le fichier « {Cut(file)} » ne se lit pas (ligne {line}). Enregistrez-le en CSV UTF-8 séparé par des virgules, titres en première ligne, ou en XML bien formé.",
        $"The file \"{Cut(file)}\" cannot be read (line {line}). Save it as comma-separated CSV in UTF-8 with heads in the first row, or as well-formed XML.");

    public static Finding FileColumn(Origin origin, string file, string column) => Error("file-column", origin,
        $"Le fichier « {Cut(file)} » n'a pas de colonne « {Cut(column)} ». Ajoutez-la, ou nommez une autre colonne dans parameters (value=…, label=…).",
        $"The file \"{Cut(file)}\" has no column \"{Cut(column)}\". Add it, or name another column in parameters (value=…, label=…).");

    public static Finding FileKind(Origin origin, string file) => Error("file-kind", origin,
        $"« {Cut(file)} » n'est ni un .csv ni un .xml. Convertissez-le en .csv.",
        $"\"{Cut(file)}\" is neither .csv nor .xml. Convert it to .csv.");

    public static Finding SameFileId(Origin origin, string file, string other) => Error("same-file-name", origin,
        $"« {Cut(file)} » et « {Cut(other)} » auraient le même nom d'instance. Renommez l'un des deux.",
        $"\"{Cut(file)}\" and \"{Cut(other)}\" would have the same instance name. Rename one of them.");

    public static Finding SameInstance(Origin origin, string id) => Error("same-instance", origin,
        $"« {Cut(id)} » nomme à la fois une liste et un fichier. Renommez l'un des deux.",
        $"\"{Cut(id)}\" names both a list and a file. Rename one of them.");

    public static Finding BadXml(Origin origin, string reason) => Error("bad-xml", origin,
        $"Le XML ne se lit pas : {Cut(reason)}",
        $"The XML cannot be read: {Cut(reason)}");

    public static Finding Dtd(Origin origin) => Error("dtd", origin,
        "Le XML déclare un DOCTYPE ou des entités, ce qui est refusé par sécurité. Retirez la déclaration.",
        "The XML declares a DOCTYPE or entities, which is refused for safety. Remove the declaration.");

    public static Finding NoModel(Origin origin) => Error("no-model", origin,
        "Ce XML n'est pas un XForm : il lui manque un « model » avec une instance, ou un « body ».",
        "This XML is no XForm: it lacks a \"model\" with an instance, or a \"body\".");
}
