using Relais.Host.Tls;
using Relais.Kernel;
using Relais.Kernel.Database;

namespace Relais.Host;

/// <summary>The web server: one process that serves every module.</summary>
internal static class Server
{
    public static async Task RunAsync(string[] args)
    {
        await using var app = await BuildAsync(args);
        Uploads.Prepare(app.Configuration["Relais:Data"]);
        await app.RunAsync();
    }

    /// <summary>The server, ready to start, with its database up to date. Tests change a service or two through <paramref name="adjust"/>.</summary>
    public static async Task<WebApplication> BuildAsync(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        // Named, because a test program is not called "relais" and the lists of static files are.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(Server).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        Settings.AddTo(builder.Configuration);
        Modules.Add(builder.Services, builder.Configuration);
        Listeners.Configure(builder);
        Modules.AddFirst(builder.Services);
        Telemetry.Add(builder);
        Health.Add(builder.Services);
        builder.Services.AddOpenApi();
        adjust?.Invoke(builder);

        var app = builder.Build();
        (app.Services.GetRequiredService<TimeProvider>() as FastClock)?.Say(app.Logger);
        await app.Services.ApplyMigrationsAsync(app.Lifetime.ApplicationStopping);
        ProxyInFront.Use(app);
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
