using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace Relais.Tests.Structure;

/// <summary>
/// A page and the components in it are made at the same time, and a database context serves one at a time: a component that asks the database does it in a scope of its own,
/// or a page fails whenever both ask at once, which only a busy machine shows.
/// </summary>
public sealed class ComponentScopes
{
    private static readonly string[] Beginnings = ["OnInitializedAsync", "OnParametersSetAsync"];

    [Fact]
    public void No_component_within_a_page_asks_the_pages_own_database_context()
    {
        var components = Directory.EnumerateFiles(AppContext.BaseDirectory, "Relais.*.dll")
            .Where(f => File.Exists(Path.Combine(Sources.Root, "src", Path.GetFileNameWithoutExtension(f), Path.GetFileNameWithoutExtension(f) + ".csproj")))
            .SelectMany(f => Assembly.LoadFrom(f).GetTypes())
            .Where(t => t.IsSubclassOf(typeof(ComponentBase)) && !t.IsAbstract && t.GetCustomAttributes<RouteAttribute>().FirstOrDefault() is null).ToList();
        Assert.InRange(components.Count, 50, int.MaxValue);
        Assert.Empty(components.Where(BeginsByWaiting).SelectMany(c => Injected(c).Where(i => Asks(i.PropertyType, [])).Select(i => $"{c.Name}.{i.Name}: inherit OwningComponentBase and take it from ScopedServices")));
    }

    private static bool BeginsByWaiting(Type component) =>
        Beginnings.Any(b => component.GetMethod(b, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null);

    private static IEnumerable<PropertyInfo> Injected(Type component) => component
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(p => p.IsDefined(typeof(InjectAttribute), inherit: true));

    // Whoever is made with a context, or with somebody who is.
    private static bool Asks(Type type, HashSet<Type> seen) =>
        type.IsSubclassOf(typeof(DbContext))
        || (type.Assembly.GetName().Name!.StartsWith("Relais.", StringComparison.Ordinal) && seen.Add(type)
            && type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).SelectMany(c => c.GetParameters()).Any(p => Asks(p.ParameterType, seen)));
}
