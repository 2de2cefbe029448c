namespace Relais.Fieldwork.Forms.Import;

/// <summary>Finds the files that expressions read by pulldata('NAME', ...).</summary>
internal static class PullDataCalls
{
    private const string Call = "pulldata(";

    /// <summary>The literal first argument of each call.</summary>
    public static IEnumerable<string> Names(string expression)
    {
        for (var at = expression.IndexOf(Call, StringComparison.Ordinal); at >= 0; at = expression.IndexOf(Call, at + 1, StringComparison.Ordinal))
        {
            var start = at + Call.Length;
            while (start < expression.Length && expression[start] == ' ')
                start++;
            if (start >= expression.Length || expression[start] is not ('\'' or '"'))
                continue;
            var end = expression.IndexOf(expression[start], start + 1);
            if (end > start + 1)
                yield return expression[(start + 1)..end];
        }
    }
}
