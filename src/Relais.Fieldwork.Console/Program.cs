using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Relais.Fieldwork.Console;
using Relais.Fieldwork.Console.Desk;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<ConsoleApp>("#console");
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<InterviewerDesk>();
await builder.Build().RunAsync();
