using System.Globalization;
using System.Net;
using System.Text;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Transfer;

/// <summary>
/// The folder of a desktop's home that files are carried through. All that touches the home is done inside the desktop as the person's own
/// account, so that no link that was put there leads further than the person themselves may go; links are refused besides. Between that and
/// the engine's file interface, which acts as root, a file stands in a folder in which the person can replace nothing.
/// </summary>
internal sealed class HomeFiles(EngineClient engine)
{
    public const string Folder = "Transfert";

    private const int MostListBytes = 1 << 20;
    private const string Home = "/home/" + DesktopSettings.User;

    // After the change of folder it is the folder itself that counts, and no longer its name.
    private const string Enter = $"""
        set -u; umask 077; export LC_ALL=C
        cd {Home} || exit 20
        [ ! -L {Folder} ] || exit 10
        [ -e {Folder} ] || mkdir {Folder} 2>/dev/null || [ -d {Folder} ] || exit 11
        cd -P {Folder} 2>/dev/null || exit 10
        [ "$(pwd -P)" = {Home}/{Folder} ] || exit 10

        """;

    private const string List = Enter + """
        find . -maxdepth 1 -type f ! -name '.*' -printf '%s\t%T@\t%f\0' | head -c "$2" >"$1" || exit 15
        """;

    // Under a name of its own until it is whole and on the disk; a link to an existing name fails, so nothing is ever replaced.
    private const string Put = Enter + """
        find . -maxdepth 1 -type f -name '.relais-*' -mmin +60 -delete
        part=".${1##*/}"
        trap 'rm -f -- "$part"' EXIT
        trap 'exit 15' HUP INT TERM
        set -C
        { cat -- "$1" >"$part"; } 2>/dev/null || exit 11
        sync -- "$part" 2>/dev/null || exit 11
        [ "$(stat -c %s -- "$part")" = "$3" ] || exit 15
        if ! ln -T -- "$part" "./$2" 2>/dev/null; then
            if [ -e "./$2" ] || [ -L "./$2" ]; then exit 12; fi
            exit 11
        fi
        """;

    // What was on its way when the server died, and is nobody's any more; one that is on its way is younger.
    private const string Tidy = "find /var/lib -maxdepth 1 -type f -name 'relais-????????????????????????????????' -mmin +60 -delete";

    private const string Take = Enter + """
        [ ! -L "./$2" ] || exit 10
        [ -e "./$2" ] || exit 13
        [ -f "./$2" ] || exit 14
        { timeout 300 head -c "$3" -- "./$2" >"$1"; } 2>/dev/null || exit 15
        """;

    /// <summary>What lies in the folder, which is made if it is not there.</summary>
    public async Task<(ShelfFault Fault, IReadOnlyList<HomeFile> Files)> ListAsync(string instance, CancellationToken cancel)
    {
        using var listed = new MemoryStream();
        var fault = await ThroughAsync(instance, null, listed, path => [List, path, Number(MostListBytes)], MostListBytes, cancel);
        return (fault, fault == ShelfFault.None ? Parse(listed.ToArray()) : []);
    }

    /// <summary>Puts a file there, whole or not at all; one of the same name is never replaced.</summary>
    /// <param name="content">Closed afterwards.</param>
    public async Task<ShelfFault> PutAsync(string instance, string name, Stream content, CancellationToken cancel)
    {
        var length = Number(content.Length);
        try
        {
            await engine.RunAsync(instance, ["/bin/sh", "-c", Tidy], user: 0, cancel);
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            // What keeps it from being tidied keeps the file from being put, and is said there.
        }

        return await ThroughAsync(instance, content, null, path => [Put, path, name, length], 0, cancel);
    }

    /// <summary>Copies a file from there.</summary>
    /// <param name="most">Bytes; a longer one is cut off one byte later.</param>
    public Task<ShelfFault> TakeAsync(string instance, string name, Stream to, long most, CancellationToken cancel) =>
        ThroughAsync(instance, null, to, path => [Take, path, name, Number(most + 1)], most + 1, cancel);

    private async Task<ShelfFault> ThroughAsync(
        string instance, Stream? from, Stream? to, Func<string, string[]> command, long most, CancellationToken cancel)
    {
        var path = $"/var/lib/relais-{Guid.NewGuid():N}";
        try
        {
            await engine.PushFileAsync(instance, path, from ?? Stream.Null, to is null ? "0400" : "0600", DesktopSettings.UserId, cancel);
            string[] given = command(path);
            var code = await engine.RunAsync(instance, ["/bin/sh", "-c", given[0], "relais", .. given[1..]], DesktopSettings.UserId, cancel);
            if (code == 0 && to is not null)
                await engine.CopyFileAsync(instance, path, to, most, cancel);
            return code switch
            {
                0 => ShelfFault.None,
                10 => ShelfFault.LeadsOut,
                11 => ShelfFault.Full,
                12 => ShelfFault.Exists,
                13 => ShelfFault.Missing,
                14 => ShelfFault.NotAFile,
                _ => ShelfFault.Failed,
            };
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            return e is EngineException { Status: HttpStatusCode.NotFound } ? ShelfFault.Away : ShelfFault.Failed;
        }
        finally
        {
            await engine.RemoveFileAsync(instance, path, CancellationToken.None);
        }
    }

    // Size, time and name, each file ended by a zero byte, which no name can hold; a last one that is cut off is left out.
    internal static IReadOnlyList<HomeFile> Parse(byte[] listed)
    {
        List<HomeFile> files = [];
        var rest = listed.AsSpan();
        for (var end = rest.IndexOf((byte)0); end >= 0; end = rest.IndexOf((byte)0))
        {
            var parts = Encoding.UTF8.GetString(rest[..end]).Split('\t', 3);
            rest = rest[(end + 1)..];
            if (parts.Length == 3 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1e11)
            {
                files.Add(new HomeFile(parts[2], size, DateTimeOffset.UnixEpoch.AddSeconds(seconds)));
            }
        }

        return [.. files.OrderByDescending(f => f.Modified).ThenBy(f => f.Name, StringComparer.Ordinal)];
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A file in the folder.</summary>
internal sealed record HomeFile(string Name, long Size, DateTimeOffset Modified);

/// <summary>Why a file was not carried.</summary>
internal enum ShelfFault
{
    None,

    /// <summary>The folder or the file is a link.</summary>
    LeadsOut,

    /// <summary>The home has no room, or takes nothing.</summary>
    Full,

    /// <summary>Something of that name is there.</summary>
    Exists,

    Missing,

    /// <summary>A folder, or something else that is no file.</summary>
    NotAFile,

    /// <summary>There is no such desktop any more.</summary>
    Away,

    Failed,
}
