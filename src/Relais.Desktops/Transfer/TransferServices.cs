using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;

namespace Relais.Desktops.Transfer;

internal static class TransferServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<MyTransfer>();
        services.AddAuditVocabulary<TransferTexts>("print.out", "transfer.in", "transfer.out", "transfer.refused");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        ListFiles.Map(routes);
        PutFile.Map(routes);
        TakeFile.Map(routes);
        ListPrints.Map(routes);
        TakePrint.Map(routes);
    }
}
