namespace Relais.Host;

/// <summary>
/// Where the server keeps what is being sent to it and does not fit into memory. The framework deletes each file at the end of its request; a
/// server that is killed leaves them, so the next one takes them away: they may hold people's answers.
/// </summary>
internal static class Uploads
{
    // What ASP.NET Core asks for, once, at its first file.
    private const string Variable = "ASPNETCORE_TEMP";

    public static void Prepare(string? data)
    {
        if (string.IsNullOrEmpty(data) || Environment.GetEnvironmentVariable(Variable) is { Length: > 0 })
            return;
        var folder = Path.Combine(Path.GetFullPath(data), "uploads");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var left in Directory.EnumerateFiles(folder, "ASPNETCORE_*.tmp"))
            File.Delete(left);
        Environment.SetEnvironmentVariable(Variable, folder);
    }
}
