using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Members;

internal static class MemberServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<MoveDesktop>().AddScoped<ReadDrains>().AddScoped<TendDrains>().AddScoped<ChangeDrains>();
        services.AddVerb(DrainsApi.DrainVerb);
        services.AddVerb(DrainsApi.UndrainVerb);
        services.AddAuditVocabulary<MemberTexts>("member.drained", "member.undrained", "desktop.moved", "desktop.stayed");
    }
}
