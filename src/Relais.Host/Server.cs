using Relais.Access;
using Relais.Host.Tls;
using Relais.Kernel.Database;
using Relais.Portal;

namespace Relais.Host;

/// <summary>The web server: one process that serves every module.</summary>
internal static class Server
{
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        Settings.AddTo(builder.Configuration);
        Modules.Add(builder.Services, builder.Configuration);
        Listeners.Configure(builder);

        var app = builder.Build();
        await app.Services.ApplyMigrationsAsync(app.Lifetime.ApplicationStopping);
        app.UseHsts();
        app.UseHttpsRedirection();
        app.UsePortal();
        app.UseAccess();
        Modules.Map(app);
        await app.RunAsync();
    }
}
