using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Checks;

internal static partial class Say
{
    public static Finding UnknownReference(Origin origin, string name, string? nearest) => Error("unknown-reference", origin,
        $"${{{Cut(name)}}} ne désigne aucune ligne du questionnaire.{MeantFr(nearest)} Corrigez le nom, ou ajoutez la ligne.",
        $"${{{Cut(name)}}} names no row of the questionnaire.{MeantEn(nearest)} Correct the name, or add the row.");

    public static Finding AmbiguousReference(Origin origin, string name, Origin first, Origin second) => Error("ambiguous-reference", origin,
        $"${{{Cut(name)}}} désigne plusieurs lignes ({first}, {second}). Donnez-leur des noms différents.",
        $"${{{Cut(name)}}} names several rows ({first}, {second}). Give them different names.");

    public static Finding OpenReference(Origin origin, string written) => Error("open-reference", origin,
        $"« {Cut(written)} » : il manque l'accolade fermante.",
        $"\"{Cut(written)}\": the closing brace is missing.");

    public static Finding LastSaved(Origin origin, string name) => Error("last-saved", origin,
        $"${{{Cut(name)}}} : les réponses d'un entretien précédent ne sont pas reprises. Mettez la valeur dans l'échantillon.",
        $"${{{Cut(name)}}}: answers of an earlier interview are not taken over. Put the value into the sample.");

    public static Finding BadExpression(Origin origin, string written, ExpressionError error) => Error("bad-expression", origin,
        $"L'expression « {Cut(written)} » est incorrecte : {KindFr(error.Kind)}, au caractère {error.Position + 1} ({Cut(error.Message)}).",
        $"The expression \"{Cut(written)}\" is wrong: {Cut(error.Message)}, at character {error.Position + 1}.");

    public static Finding UnknownPath(Origin origin, string path) => Error("unknown-path", origin,
        $"L'expression lit {Cut(path)}, qui n'existe pas dans le questionnaire. Corrigez le chemin, ou écrivez ${{nom}}.",
        $"The expression reads {Cut(path)}, which is not in the questionnaire. Correct the path, or write ${{name}}.");

    public static Finding UnknownInstance(Origin origin, string id) => Error("unknown-instance", origin,
        $"L'expression lit instance('{Cut(id)}'), et il n'y a ni liste ni fichier de ce nom.",
        $"The expression reads instance('{Cut(id)}'), and there is neither a list nor a file of that name.");

    public static Finding Cycle(Origin origin, string cycle) => Error("cycle", origin,
        $"Des calculs ou conditions se lisent en rond : {cycle}. Retirez l'une de ces lectures.",
        $"Calculations or conditions read each other in a circle: {cycle}. Remove one of these readings.");

    private static string KindFr(ExpressionErrorKind kind) => kind switch
    {
        ExpressionErrorKind.Syntax => "elle ne se lit pas",
        ExpressionErrorKind.Unsupported => "ce XPath n'est pas pris en charge",
        ExpressionErrorKind.Unhandled => "fonction inconnue ou mauvais arguments",
        ExpressionErrorKind.TypeMismatch => "une valeur n'est pas du type voulu",
        ExpressionErrorKind.NoContext => "il lui manque une question à lire",
        ExpressionErrorKind.Limit => "elle est trop longue ou trop imbriquée",
    };
}
