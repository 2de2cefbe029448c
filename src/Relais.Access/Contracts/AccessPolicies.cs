namespace Relais.Access.Contracts;

/// <summary>Authorization policies that pages and endpoints name.</summary>
public static class AccessPolicies
{
    /// <summary>Signed in with all that is asked of this person: password changed, second factor given where required. The default policy.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>An administrator, fully signed in.</summary>
    public const string Administer = "administer";

    /// <summary>An administrator or auditor, fully signed in: may see what was recorded.</summary>
    public const string Audit = "audit";

    /// <summary>An administrator or supervisor, fully signed in: may ask to see what somebody does.</summary>
    public const string Supervise = "supervise";

    /// <summary>A researcher, fully signed in: prepares, computes, validates and publishes audience figures. Not an administrator by that alone: figures under embargo are nobody else's.</summary>
    public const string Research = "research";

    /// <summary>A researcher or reader, fully signed in: may see published audience figures.</summary>
    public const string ReadFigures = "read-figures";

    /// <summary>An administrator, supervisor or researcher, fully signed in: may see how interviews came about, call by call.</summary>
    public const string ReadCalls = "read-calls";

    /// <summary>An interviewer, fully signed in: is given cases to call.</summary>
    public const string Interview = "interview";

    /// <summary>Another system, with a key of its own: may read what its key reaches (<see cref="SystemKeyClaims.Reaches"/>).</summary>
    public const string SystemRead = "system-read";

    /// <summary>Another system, with a key of its own that may also change what it reaches.</summary>
    public const string SystemWrite = "system-write";
}
