using System.Text.Json;

namespace Relais.Gateway.Agent;

/// <summary>Who this agent is: what it was given at its enrolment, kept where only its own user may read it.</summary>
/// <param name="Server">The server's address.</param>
/// <param name="Authority">The server's own authority in PEM, and no other is trusted; null trusts what the system trusts.</param>
internal sealed record AgentIdentity(Uri Server, Guid Agent, string Site, string Secret, string? Authority)
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string FileIn(string folder) => Path.Combine(folder, "agent.json");

    /// <summary>Null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is no such file.</exception>
    public static AgentIdentity? Read(string folder) =>
        File.Exists(FileIn(folder)) ? JsonSerializer.Deserialize<AgentIdentity>(File.ReadAllText(FileIn(folder)), JsonSerializerOptions.Strict) : null;

    public void Keep(string folder)
    {
        Directory.CreateDirectory(folder, OnlyOwner | UnixFileMode.UserExecute);
        // Written beside and renamed: an agent that is killed meanwhile keeps the old one or has the new one.
        var beside = FileIn(folder) + ".new";
        File.Delete(beside);
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OnlyOwner }))
            JsonSerializer.Serialize(file, this);
        File.Move(beside, FileIn(folder), overwrite: true);
    }
}
