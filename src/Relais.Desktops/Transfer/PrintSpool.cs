using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Transfer;

/// <summary>
/// Where a desktop's printer leaves what was printed. Only the desktop's root writes there, so the engine's file interface, which follows
/// links as root, leads nowhere else; one call lists it, and nothing runs inside.
/// </summary>
internal sealed partial class PrintSpool(EngineClient engine)
{
    /// <summary>How long a document waits, counted from its printing.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private const string Folder = "/var/spool/relais-print";

    /// <summary>What lies ready, the newest first; what is older than <see cref="Kept"/> is removed.</summary>
    public async Task<(ShelfFault Fault, IReadOnlyList<PrintedDocument> Documents)> ListAsync(string instance, DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            // None where there is no printer.
            var documents = await engine.PullFileAsync(instance, Folder, cancel) is { } listed ? Parse(listed) : [];
            foreach (var old in documents.Where(d => now - d.At > Kept))
                await engine.RemoveFileAsync(instance, PathOf(old), cancel);
            return (ShelfFault.None, [.. documents.Where(d => now - d.At <= Kept)]);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            return (ShelfFault.Failed, []);
        }
    }

    /// <summary>Copies a document that was listed.</summary>
    /// <param name="most">Bytes; a longer one is cut off one byte later.</param>
    public async Task<ShelfFault> TakeAsync(string instance, PrintedDocument document, Stream to, long most, CancellationToken cancel)
    {
        try
        {
            await engine.CopyFileAsync(instance, PathOf(document), to, most + 1, cancel);
            return ShelfFault.None;
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            return e is EngineException { Status: HttpStatusCode.NotFound } ? ShelfFault.Missing : ShelfFault.Failed;
        }
    }

    // The engine lists a folder as names alone; a document that is still being written begins with a point.
    internal static IReadOnlyList<PrintedDocument> Parse(byte[] listed)
    {
        using var answer = JsonDocument.Parse(listed);
        List<PrintedDocument> documents = [];
        if (answer.RootElement.ValueKind != JsonValueKind.Object
            || !answer.RootElement.TryGetProperty("metadata", out var names) || names.ValueKind != JsonValueKind.Array)
        {
            return documents;
        }

        foreach (var item in names.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && Form().Match(item.GetString() ?? "") is { Success: true } found
                && FileName.Check(found.Groups["name"].Value, out var name) == NameFault.None)
            {
                var seconds = long.Parse(found.Groups["at"].Value, CultureInfo.InvariantCulture);
                documents.Add(new PrintedDocument(found.Groups["id"].Value, name, DateTimeOffset.FromUnixTimeSeconds(seconds), found.Value));
            }
        }

        return [.. documents.OrderByDescending(d => d.At).ThenByDescending(d => d.Id, StringComparer.Ordinal)];
    }

    private static string PathOf(PrintedDocument document) => $"{Folder}/{document.File}";

    // Time and job, then the title: bundles/bureau-standard/overlay/usr/lib/relais/print/backend.
    [GeneratedRegex("^(?<id>(?<at>[0-9]{9,11})-[0-9]{1,9})~(?<name>[^/]+\\.pdf)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

/// <summary>A document that was printed in a desktop.</summary>
/// <param name="Id">Of this desktop.</param>
/// <param name="Name">With its extension.</param>
/// <param name="File">As it lies there.</param>
internal sealed record PrintedDocument(string Id, string Name, DateTimeOffset At, string File);
