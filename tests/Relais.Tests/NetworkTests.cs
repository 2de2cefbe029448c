using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Relais.Tests.NetworkFirst))]

namespace Relais.Tests;

/// <summary>
/// Tests that give this machine other interfaces or addresses for a while: desktops on the engine, offices of their own. One at a
/// time, in the pass without Chromium. See <see cref="InChromiumAttribute"/>.
/// </summary>
[CollectionDefinition(Name)]
public sealed class NetworkTests
{
    public const string Name = "changes the machine's network";
}

/// <summary>They wait much and follow one another: started first, they are over when the others are.</summary>
public sealed class NetworkFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : notnull, ITestCollection =>
        [.. testCollections.OrderByDescending(c => c.TestCollectionDisplayName == NetworkTests.Name).ThenBy(c => c.UniqueID, StringComparer.Ordinal)];
}
