using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Desktops.Engine;
using Relais.Desktops.Members;

namespace Relais.Desktops.Desktops;

/// <summary>Takes one desktop from where it is to what is wanted, a step at a time, each safe to repeat.</summary>
internal sealed class DriveDesktop(
    DesktopsDb db, DesktopsEngine engine, DriveHome home, BundleImages images, DesktopTold told, IOptions<DesktopsOptions> options, TimeProvider clock,
    ILogger<DriveDesktop> log)
{
    private const int Tries = 4;
    private const int RdpPort = 3389;
    private static readonly TimeSpan PortRetry = TimeSpan.FromMilliseconds(40);

    /// <param name="admitted">Whether it was found to be one to run: one that was asked to run since waits until its room is looked for.</param>
    /// <param name="member">The machine of a cluster that has room for it; null when none was looked for.</param>
    public async Task HandleAsync(Guid row, bool admitted, string? member, CancellationToken cancel)
    {
        // Whoever changed the row told of it while this was at work on it: nobody will tell again.
        for (var tries = 1; tries <= Tries && !await TryAsync(row, admitted, member, cancel); tries++)
            db.ChangeTracker.Clear();
    }

    /// <summary>Notes that a desktop's machine is away: to ask it in vain takes the engine ten seconds.</summary>
    public async Task NoteAwayAsync(Guid row, string member, CancellationToken cancel)
    {
        if (await db.Desktops.SingleOrDefaultAsync(d => d.Id == row, cancel) is not { } desktop)
            return;
        var away = new MemberAwayException(member);
        desktop.Fail(FaultOf(away), away.Message, clock.GetUtcNow());
        await SaveAsync(cancel);
    }

    /// <returns>False when the row changed meanwhile.</returns>
    private async Task<bool> TryAsync(Guid row, bool admitted, string? member, CancellationToken cancel)
    {
        var desktop = await db.Desktops.SingleOrDefaultAsync(d => d.Id == row, cancel);
        if (desktop is null)
            return true;
        try
        {
            if (desktop.Wanted == Wanted.Deleted)
            {
                await DeleteAsync(desktop, cancel);
                return true;
            }

            var found = await FindAsync(desktop, cancel);
            if (desktop.Wanted == Wanted.Running && !admitted && (found is null || found.Status == "Stopped"))
                return true;
            var instance = await home.HandleAsync(desktop, found, cancel);
            switch (desktop.Wanted)
            {
                case Wanted.Running:
                    await RunAsync(desktop, instance, member, cancel);
                    break;
                case Wanted.Frozen:
                    await FreezeAsync(desktop, instance, cancel);
                    break;
                default:
                    await StopAsync(desktop, instance, cancel);
                    break;
            }
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody wants something else by now: the next try starts from there.
            DesktopsLog.Overtaken(log, row);
            return false;
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException or TimeoutException or InvalidDataException or ImageMissingException or MemberAwayException)
        {
            DesktopsLog.DriveFailed(log, row, e);
            db.ChangeTracker.Clear();
            if (await db.Desktops.SingleOrDefaultAsync(d => d.Id == row, cancel) is { } again)
            {
                again.Fail(FaultOf(e), e.Message, clock.GetUtcNow());
                await db.SaveChangesAsync(cancel);
            }
        }

        return true;
    }

    // One whose monitor died is stopped, whatever it says.
    private async Task<Instance?> FindAsync(Desktop desktop, CancellationToken cancel)
    {
        var instance = await engine.Instances.FindAsync(desktop.Instance, cancel);
        // What is on a machine that is away may go on without it, and is there again with it.
        if (instance is { IsAway: true, Member: { } at })
            throw new MemberAwayException(at);
        if (instance is not { Status: "Error" })
            return instance;
        await engine.Instances.StopAsync(desktop.Instance, force: true, cancel);
        return await engine.Instances.FindAsync(desktop.Instance, cancel);
    }

    private async Task RunAsync(Desktop desktop, Instance? instance, string? member, CancellationToken cancel)
    {
        var instances = engine.Instances;
        // An engine that died while it made one may have left half a root. Nothing of anybody's is in it yet.
        if (instance is { Prepared: false, Status: "Stopped" })
        {
            await instances.DeleteAsync(desktop.Instance, cancel);
            instance = null;
        }

        if (instance is null)
        {
            await SeeAsync(desktop, DesktopState.Creating, cancel);
            var bundle = engine.Read(desktop.Bundle);
            var version = await images.ForAsync(desktop, cancel);
            var fingerprint = await engine.ImportAsync(version.Folder, cancel);
            desktop.Image = version.Hash;
            // Root and home are on one machine: where the home is, if it was made before.
            var at = await instances.EnsureHomeAsync(desktop.HomeVolume, bundle.Limits.Home, member, cancel);
            await instances.CreateAsync(desktop.Instance, desktop, engine.AddressOf(desktop.Slot), fingerprint, bundle, at, cancel);
        }
        else
        {
            instance = await RenewAsync(desktop, instance, cancel);
        }

        if (instance is not { Prepared: true })
            await instances.PrepareAsync(desktop.Instance, await told.HandleAsync(desktop, cancel), engine.Authority, cancel);

        switch (instance?.Status)
        {
            case "Frozen":
                await SeeAsync(desktop, DesktopState.Resuming, cancel);
                await instances.ResumeAsync(desktop.Instance, cancel);
                break;
            // Asked for something else, a snapshot perhaps: who works on it sees nothing of that.
            case "Running" when desktop.State == DesktopState.Running:
                break;
            case "Running":
                await SeeAsync(desktop, DesktopState.Starting, cancel);
                break;
            default:
                await SeeAsync(desktop, DesktopState.Starting, cancel);
                await instances.StartAsync(desktop.Instance, cancel);
                break;
        }

        var address = new IPEndPoint(engine.AddressOf(desktop.Slot), RdpPort);
        await WaitForAsync(address, cancel);
        // Made at the first boot and kept: only a boot can have changed it.
        if (desktop.CertificateSha256 is null || instance?.Status != "Frozen")
            desktop.CertificateSha256 = await CertificateAsync(desktop, cancel);
        desktop.Address = address.ToString();
        desktop.Succeed(DesktopState.Running, clock.GetUtcNow());
        await SaveAsync(cancel);
    }

    // Another size while it runs; another start when one is asked for.
    private async Task<Instance?> RenewAsync(Desktop desktop, Instance instance, CancellationToken cancel)
    {
        await ResizeAsync(desktop, instance, cancel);
        if (instance.Boot == desktop.Boot)
            return instance;
        if (instance.Status != "Stopped")
        {
            await SeeAsync(desktop, DesktopState.Stopping, cancel);
            await home.HaltAsync(instance, cancel);
        }

        await engine.Instances.NoteBootAsync(desktop.Instance, desktop.Boot, cancel);
        return await engine.Instances.FindAsync(desktop.Instance, cancel);
    }

    private async Task ResizeAsync(Desktop desktop, Instance instance, CancellationToken cancel)
    {
        var size = InstanceSize.Of(desktop, engine.Read(desktop.Bundle));
        if (instance.Size != size)
            await engine.Instances.ResizeAsync(desktop.Instance, size, cancel);
    }

    private async Task FreezeAsync(Desktop desktop, Instance? instance, CancellationToken cancel)
    {
        if (instance is not null)
            await ResizeAsync(desktop, instance, cancel);
        if (instance is { Status: "Running" })
            await engine.Instances.FreezeAsync(desktop.Instance, cancel);
        var frozen = instance is { Status: "Running" or "Frozen" };
        desktop.Succeed(frozen ? DesktopState.Frozen : DesktopState.Stopped, clock.GetUtcNow());
        await SaveAsync(cancel);
    }

    private async Task StopAsync(Desktop desktop, Instance? instance, CancellationToken cancel)
    {
        if (instance is not null)
            await ResizeAsync(desktop, instance, cancel);
        if (instance is not null and not { Status: "Stopped" })
        {
            await SeeAsync(desktop, DesktopState.Stopping, cancel);
            await home.HaltAsync(instance, cancel);
        }

        desktop.Succeed(DesktopState.Stopped, clock.GetUtcNow());
        await SaveAsync(cancel);
    }

    private async Task DeleteAsync(Desktop desktop, CancellationToken cancel)
    {
        var instance = await FindAsync(desktop, cancel);
        await SeeAsync(desktop, DesktopState.Stopping, cancel);
        if (instance is not null)
        {
            if (instance.Status != "Stopped")
                await engine.Instances.StopAsync(desktop.Instance, force: true, cancel);
            await engine.Instances.DeleteAsync(desktop.Instance, cancel);
        }

        // Its snapshots go with it, and their rows with the desktop's.
        if (desktop.HomeId is null)
        {
            await home.DropMovedAsync(desktop, cancel);
            await engine.Instances.DeleteHomeAsync(desktop.HomeVolume, cancel);
        }

        db.Desktops.Remove(desktop);
        await SaveAsync(cancel);
    }

    private async Task WaitForAsync(IPEndPoint address, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.Value.StartTime, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        while (true)
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address, both.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(PortRetry, clock, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
            {
                throw new TimeoutException($"nothing answered at {address} within {options.Value.StartTime.TotalSeconds} s of the start", e);
            }
        }
    }

    // Read through the engine, not over the network: nobody between can put another one in its place.
    private async Task<byte[]> CertificateAsync(Desktop desktop, CancellationToken cancel)
    {
        var pem = await engine.Instances.CertificateAsync(desktop.Instance, cancel)
            ?? throw new InvalidDataException("the desktop made no certificate");
        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(pem));
        return SHA256.HashData(certificate.RawData);
    }

    private async Task SeeAsync(Desktop desktop, DesktopState state, CancellationToken cancel)
    {
        desktop.See(state, clock.GetUtcNow());
        await SaveAsync(cancel);
    }

    private Task SaveAsync(CancellationToken cancel) => db.SaveChangesAsync(cancel);

    private static string FaultOf(Exception e) => e switch
    {
        TimeoutException => "no-answer",
        HttpRequestException or IOException => "engine-away",
        ImageMissingException => "image-missing",
        MemberAwayException => MemberAwayException.Fault,
        InvalidDataException => "incomplete",
        _ => "engine-refused",
    };
}
