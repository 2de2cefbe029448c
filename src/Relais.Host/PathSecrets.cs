using System.Collections;
using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace Relais.Host;

/// <summary>
/// Some addresses are keys: an invitation's and a public link's. Whoever reads logs or traces must not be able to open them, so a part of a path that is long enough to be
/// a key (128 bits in base64url) and is no id of a row is told as "…". By its form and not by its route: what was mistyped leads to no route and is as secret.
/// </summary>
internal static partial class PathSecrets
{
    public static string Hide(string text) => Key().Replace(text, "…");

    // An id is 8-4-4-4-12 hex digits.
    [GeneratedRegex("(?<=/|%2[fF])(?![0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{22,}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}

/// <summary>Takes the keys out of every span before an exporter has it.</summary>
internal sealed class SpansWithoutSecrets : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        data.DisplayName = PathSecrets.Hide(data.DisplayName);
        // A copy: a tag that is set is a change of what is walked through.
        foreach (var (name, value) in data.TagObjects.ToList())
        {
            if (value is string text && PathSecrets.Hide(text) is var hidden && hidden.Length != text.Length)
                data.SetTag(name, hidden);
        }
    }
}

/// <summary>The scopes of log lines, of which one is the request with its path.</summary>
internal sealed class ScopesWithoutSecrets : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public IDisposable Push(object? state) => _scopes.Push(state);

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
        _scopes.ForEachScope(static (scope, to) => to.callback(Hidden(scope), to.state), (callback, state));

    private static object? Hidden(object? scope) => scope switch
    {
        IReadOnlyList<KeyValuePair<string, object?>> pairs when pairs.Any(p => p.Value is string text && PathSecrets.Hide(text).Length != text.Length) => new Scope(pairs),
        string text => PathSecrets.Hide(text),
        _ => scope,
    };

    private sealed class Scope(IReadOnlyList<KeyValuePair<string, object?>> pairs) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => pairs.Count;

        public KeyValuePair<string, object?> this[int index] =>
            pairs[index] is { Value: string text } pair ? new(pair.Key, PathSecrets.Hide(text)) : pairs[index];

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => PathSecrets.Hide(pairs.ToString() ?? "");
    }
}
