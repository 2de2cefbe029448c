using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;

namespace Relais.Gateway.Contracts;

/// <summary>Finds the SSH target that a person means by a host's name, if they may open it.</summary>
/// <param name="scope">Services of this one request.</param>
public delegate Task<SessionTarget?> FindShellTarget(IServiceProvider scope, PersonId person, string host, CancellationToken cancel);

/// <summary>How a module's hosts get reachable by <c>relais connect HOST</c>. The first module that knows the name answers.</summary>
public static class ShellTargets
{
    public static IServiceCollection AddShellTargets(this IServiceCollection services, FindShellTarget find) => services.AddSingleton(find);
}
