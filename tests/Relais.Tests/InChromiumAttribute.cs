using Xunit.v3;

namespace Relais.Tests;

/// <summary>
/// On a class whose tests look through Chromium, which drops its connections when the machine gets another network interface:
/// ./relais test runs all of these first, and then the others beside the tests that make interfaces (<see cref="NetworkTests"/>).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class InChromiumAttribute : Attribute, ITraitAttribute
{
    public const string Trait = "Seen";
    private const string Value = "in Chromium";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Trait, Value)];

    /// <summary>Fails in a test whose class says neither that it needs a still network nor that it is the one who moves it.</summary>
    internal static void Check()
    {
        if (TestContext.Current.TestClass is { } test && !test.Traits.ContainsKey(Trait) && test.TestCollection.TestCollectionDisplayName != NetworkTests.Name)
            throw new InvalidOperationException($"{test.TestClassName} starts Chromium: mark the class with [InChromium].");
    }
}
