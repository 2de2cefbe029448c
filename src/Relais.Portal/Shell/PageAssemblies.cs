using System.Reflection;

namespace Relais.Portal.Shell;

/// <summary>The assemblies, besides the portal's own, that hold pages.</summary>
public sealed record PageAssemblies(IReadOnlyList<Assembly> Assemblies);
