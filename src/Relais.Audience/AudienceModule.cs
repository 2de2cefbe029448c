using Microsoft.Extensions.DependencyInjection;
using Relais.Audience.Weighing;
using Relais.Kernel.Verbs;

namespace Relais.Audience;

public static class AudienceModule
{
    /// <summary>Verbs that read and write plain files, without a server.</summary>
    public static IReadOnlyList<Verb> FileVerbs { get; } = [WeighVerb.Verb];

    public static IServiceCollection AddAudience(this IServiceCollection services) => services;
}
