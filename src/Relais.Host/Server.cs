using Relais.Host.Tls;
using Relais.Kernel.Database;

namespace Relais.Host;

/// <summary>The web server: one process that serves every module.</summary>
internal static class Server
{
    public static async Task RunAsync(string[] args)
    {
        await using var app = Build(args, static _ => { });
        await app.Services.ApplyMigrationsAsync(app.Lifetime.ApplicationStopping);
        await app.RunAsync();
    }

    /// <summary>The whole server, ready to migrate and start; <paramref name="adjust"/> is the tests' last word on settings and services.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> adjust)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        Settings.AddTo(builder.Configuration);
        adjust(builder);
        Modules.Add(builder.Services, builder.Configuration);
        Listeners.Configure(builder);
        Telemetry.Add(builder);
        Health.Add(builder.Services);
        builder.Services.AddOpenApi();

        var app = builder.Build();
        app.UseHsts();
        app.UseHttpsRedirection();
        Modules.Use(app);
        Health.Map(app);
        Telemetry.Map(app);
        app.MapOpenApi();
        Modules.Map(app);
        return app;
    }
}
