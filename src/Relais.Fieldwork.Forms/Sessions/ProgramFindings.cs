using System.Globalization;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>What compiling a questionnaire finds, in words.</summary>
internal static class ProgramFindings
{
    public static Finding Expression(string xpath, Origin origin, ExpressionError error) => new(FindingLevel.Error, "expression", origin, new BilingualText(
        string.Create(CultureInfo.InvariantCulture, $"L'expression « {xpath} » ne peut pas être lue ({French(error.Kind)}, caractère {error.Position + 1}) : {error.Message}"),
        string.Create(CultureInfo.InvariantCulture, $"The expression \"{xpath}\" cannot be used ({error.KindName}, character {error.Position + 1}): {error.Message}")));

    public static Finding Cycle(IReadOnlyList<Aspect> cycle)
    {
        var names = string.Join(" → ", cycle.Append(cycle[0]).Select(aspect => aspect.Name));
        return new Finding(FindingLevel.Error, "cycle", cycle[0].Item.Item.Origin, new BilingualText(
            $"Ces éléments dépendent les uns des autres en cercle : {names}. Ôtez une de ces dépendances.",
            $"These items depend on each other in a circle: {names}. Take one of these dependencies away."));
    }

    public static Finding UnknownPath(Aspect aspect, string path) => new(FindingLevel.Warning, "unknown-path", aspect.Item.Item.Origin, new BilingualText(
        $"{aspect.Name} lit {path}, qui n'existe pas dans le questionnaire : sa valeur sera toujours vide.",
        $"{aspect.Name} reads {path}, which is not in the form: its value will always be empty."));

    private static string French(ExpressionErrorKind kind) => kind switch
    {
        ExpressionErrorKind.Syntax => "syntaxe",
        ExpressionErrorKind.Unsupported => "non pris en charge",
        ExpressionErrorKind.Unhandled => "fonction inconnue ou mal appelée",
        ExpressionErrorKind.TypeMismatch => "type",
        ExpressionErrorKind.NoContext => "hors contexte",
        ExpressionErrorKind.Limit => "trop long ou trop imbriqué",
    };
}
