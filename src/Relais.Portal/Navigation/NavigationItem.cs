using Microsoft.Extensions.DependencyInjection;

namespace Relais.Portal.Navigation;

/// <summary>Where in the navigation a link stands.</summary>
public enum NavigationGroup
{
    /// <summary>What people do here.</summary>
    Work,

    /// <summary>What keeps Relais running.</summary>
    Administration,
}

/// <summary>A link in the portal's navigation, shown to those whom its policy allows.</summary>
/// <param name="Href">Address from the root, starting with "/".</param>
/// <param name="Texts">The module's text class, whose resources hold the label.</param>
/// <param name="Label">Key of the label in <paramref name="Texts"/>.</param>
/// <param name="Icon">Name of an icon in the portal's icon set.</param>
/// <param name="Policy">Authorization policy, or null for every signed-in person.</param>
/// <param name="Order">Ascending from the top of its group.</param>
/// <param name="Group">Where it stands.</param>
public sealed record NavigationItem(
    string Href, Type Texts, string Label, string Icon, string? Policy, int Order, NavigationGroup Group = NavigationGroup.Work);

/// <summary>A component on the home page, shown to those whom its policy allows.</summary>
/// <param name="Component">A Blazor component without required parameters.</param>
/// <param name="Policy">Authorization policy, or null for every signed-in person.</param>
/// <param name="Order">Ascending from the top.</param>
public sealed record HomeCard(Type Component, string? Policy, int Order);

public static class NavigationRegistration
{
    public static IServiceCollection AddNavigation(this IServiceCollection services, NavigationItem item) =>
        services.AddSingleton(item);

    public static IServiceCollection AddHomeCard<TComponent>(this IServiceCollection services, int order, string? policy = null) =>
        services.AddSingleton(new HomeCard(typeof(TComponent), policy, order));
}
