namespace Relais.Host;

/// <summary>Where settings come from, weakest first: the file that the launcher writes, the operator's file, RELAIS_ variables.</summary>
internal static class Settings
{
    public static void AddTo(IConfigurationManager configuration)
    {
        if (Environment.GetEnvironmentVariable("RELAIS_DATA") is { Length: > 0 } data)
        {
            configuration["Relais:Data"] = data;
            configuration.AddJsonFile(Path.Combine(data, "settings.json"), optional: true);
        }

        if (Environment.GetEnvironmentVariable("RELAIS_CONFIG") is { Length: > 0 } file)
            configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
        configuration.AddEnvironmentVariables("RELAIS__");
    }
}
