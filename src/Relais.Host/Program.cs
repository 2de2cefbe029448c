using Relais.Host;

return await CommandLine.RunAsync(args);
