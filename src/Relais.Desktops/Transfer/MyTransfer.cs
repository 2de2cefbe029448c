using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Transfer;

/// <summary>A person's own desktop as a place that files are carried to and from, with the rules that hold for it now; or why it is none.</summary>
internal sealed class MyTransfer(
    MyDesktop mine, DesktopsEngine engine, DesktopsDb db, AccessConditions conditions, IStringLocalizer<TransferTexts> text, TimeProvider clock)
{
    /// <summary>What the institute's rules of access refuse, as for opening the desktop itself; null when nothing.</summary>
    public async Task<ProblemHttpResult?> BarredAsync(HttpContext context, CancellationToken cancel) =>
        (await conditions.RefusalAsync(Opener.Of(context, GrantDoor.Browser), AccessTarget.Desktop, cancel))?.Refusal;

    /// <summary>The rules; null where there is no desktop, or nothing is known of its bundle.</summary>
    public async Task<(Desktop? Desktop, BundleTransfer Policy)> FindAsync(PersonId person, CancellationToken cancel)
    {
        var desktop = await mine.FindAsync(person, cancel);
        return (desktop, desktop is null ? BundleTransfer.None : engine.Find(desktop.Bundle)?.Transfer ?? BundleTransfer.None);
    }

    /// <summary>The folder in a desktop that runs, or the refusal that says what to do.</summary>
    public async Task<(HomeFiles? Files, ProblemHttpResult? Refusal)> OpenAsync(Desktop? desktop, CancellationToken cancel) => desktop?.State switch
    {
        _ when !await engine.ReadyAsync(cancel) => (null, Problems.Unavailable("no-desktops-here", text["Away"])),
        DesktopState.Running => (engine.Files, null),
        DesktopState.Frozen or DesktopState.Resuming => (null, Problems.Conflict("desktop-frozen", text["Frozen"])),
        DesktopState.Creating or DesktopState.Starting => (null, Problems.Conflict("desktop-starting", text["Starting"])),
        _ => (null, Problems.Conflict("desktop-stopped", text["Stopped"])),
    };

    /// <summary>Whether its bundle lets the person print now.</summary>
    public bool Prints(Desktop desktop) => engine.Find(desktop.Bundle) is { Prints: true };

    /// <summary>The printer's documents in a desktop that runs, or the refusal that says what to do.</summary>
    public async Task<(PrintSpool? Spool, ProblemHttpResult? Refusal)> PrinterAsync(Desktop desktop, CancellationToken cancel)
    {
        var (files, refusal) = await OpenAsync(desktop, cancel);
        return files is null ? (null, refusal) : (engine.Prints, null);
    }

    public ProblemHttpResult? RefusalOf(NameFault fault) =>
        fault == NameFault.None ? null : Problems.Invalid("file-name", text[$"Name.{fault}", FileName.MostBytes]);

    public ProblemHttpResult? RefusalOf(ShelfFault fault) => fault switch
    {
        ShelfFault.None => null,
        ShelfFault.LeadsOut => Problems.Conflict("file-leads-out", text["Shelf.LeadsOut", HomeFiles.Folder]),
        ShelfFault.Full => Problems.Of(StatusCodes.Status507InsufficientStorage, "home-full", text["Shelf.Full"]),
        ShelfFault.Exists => Problems.Conflict("file-exists", text["Shelf.Exists", HomeFiles.Folder]),
        ShelfFault.Missing => Problems.Missing("file-missing", text["Shelf.Missing"]),
        ShelfFault.NotAFile => Problems.Conflict("not-a-file", text["Shelf.NotAFile"]),
        ShelfFault.Away or ShelfFault.Failed => Problems.Unavailable("desktop-unreachable", text["Shelf.Failed"]),
    };

    /// <summary>Looks at what a whole file is, against its name and the rules.</summary>
    public async Task<ProblemHttpResult?> JudgeAsync(string name, Spool spool, BundleTransfer policy, CancellationToken cancel)
    {
        var kind = await FileTypes.SniffAsync(spool.Content, cancel);
        var extension = FileTypes.ExtensionOf(name);
        if (FileTypes.Agree(extension, kind) && policy.Types.Contains(extension, StringComparer.Ordinal))
            return null;
        return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "file-content", kind switch
        {
            FileKind.Program => text["Content.Program"],
            FileKind.Macros => text["Content.Macros"],
            _ => text["Content.Other", extension],
        });
    }

    public ProblemHttpResult? RefusalOfType(string name, BundleTransfer policy) =>
        policy.Types.Contains(FileTypes.ExtensionOf(name), StringComparer.Ordinal)
            ? null
            : Problems.Of(StatusCodes.Status415UnsupportedMediaType, "file-type", text["Type", string.Join(", ", policy.Types)]);

    public ProblemHttpResult TooLarge(BundleTransfer policy) =>
        Problems.Of(StatusCodes.Status413PayloadTooLarge, "file-too-large", text["TooLarge", policy.LargestMiB]);

    public ProblemHttpResult Closed(string direction) => Problems.Refused("transfer-closed", text[$"Closed.{direction}"]);

    /// <summary>Writes the line before the file goes over: there is none that was carried and is not told of.</summary>
    public async Task TellAsync(string action, Actor actor, Desktop desktop, string name, Spool spool, CancellationToken cancel)
    {
        var sha256 = await spool.HashAsync(cancel);
        db.Audit(clock, actor, action, $"desktop:{desktop.Id}", name, new { name, bytes = spool.Content.Length, sha256 });
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Writes that what the line before told of did not come about, or that something was refused.</summary>
    public async Task TellRefusedAsync(Actor actor, Desktop desktop, string name, string direction, ProblemHttpResult refusal)
    {
        var why = refusal.ProblemDetails.Title ?? "";
        db.Audit(clock, actor, "transfer.refused", $"desktop:{desktop.Id}", name, new { name, direction, why });
        await db.SaveChangesAsync(CancellationToken.None);
    }
}
