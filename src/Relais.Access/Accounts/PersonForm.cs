namespace Relais.Access.Accounts;

internal static class PersonForm
{
    /// <summary>The ids among what a form sent; what is none is left out, as a group that was just deleted is.</summary>
    public static IReadOnlyList<Guid> Ids(IEnumerable<string>? sent) =>
        [.. (sent ?? []).Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];
}
