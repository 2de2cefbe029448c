using Microsoft.Extensions.Logging;

namespace Relais.Desktops;

internal static partial class DesktopsLog
{
    [LoggerMessage(2001, LogLevel.Warning, "The desktops' engine is not ready")]
    public static partial void EngineNotReady(ILogger log, Exception e);

    [LoggerMessage(2002, LogLevel.Error, "The reconciler lost its database; it goes on in a moment")]
    public static partial void ReconcileFailed(ILogger log, Exception e);

    [LoggerMessage(2003, LogLevel.Warning, "Desktop {Desktop} did not get to where it is wanted")]
    public static partial void DriveFailed(ILogger log, Guid desktop, Exception e);

    [LoggerMessage(2004, LogLevel.Information, "Desktop {Desktop} is left as it is: the server stops")]
    public static partial void DriveStopped(ILogger log, Guid desktop);

    [LoggerMessage(2005, LogLevel.Information, "Desktop {Desktop} is wanted otherwise by now")]
    public static partial void Overtaken(ILogger log, Guid desktop);

    [LoggerMessage(2006, LogLevel.Warning, "Instance {Instance} has no row: removed")]
    public static partial void OrphanRemoved(ILogger log, string instance);

    [LoggerMessage(2010, LogLevel.Warning, "Could not send the magic packet to {Address}")]
    public static partial void WakeFailed(ILogger log, string address, Exception e);

    [LoggerMessage(2012, LogLevel.Warning, "No agent of site {Site} sent the magic packet")]
    public static partial void SiteWakeFailed(ILogger log, string site);

    [LoggerMessage(2013, LogLevel.Warning, "The browser of {Instance} could not be told to open a workstation")]
    public static partial void PortalNotShown(ILogger log, string instance, Exception e);

    [LoggerMessage(2070, LogLevel.Warning, "The engine takes no other rules of what desktops may reach; those in force stay, and what they would let out too far waits")]
    public static partial void RulesNotChanged(ILogger log, Exception e);

    [LoggerMessage(2011, LogLevel.Error, "A round of knocking at the workstations broke off; the next one comes")]
    public static partial void ProbeFailed(ILogger log, Exception e);

    [LoggerMessage(2014, LogLevel.Error, "Looking for images to build broke off; it goes on in a moment")]
    public static partial void BuildFailed(ILogger log, Exception e);

    [LoggerMessage(2060, LogLevel.Error, "What desktops take could not be noted; the next sample comes")]
    public static partial void SampleFailed(ILogger log, Exception e);

    [LoggerMessage(2061, LogLevel.Warning, "Machine {Member} does not say how much of its desktops' memory are cached files: they are counted in")]
    public static partial void MetricsMissing(ILogger log, string member, Exception e);

    [LoggerMessage(2050, LogLevel.Information, "Pool {Pool} gets {Count} desktops more to keep ready")]
    public static partial void SparesAdded(ILogger log, string pool, int count);

    [LoggerMessage(2051, LogLevel.Information, "Pool {Pool} gives up {Count} desktops that nobody has")]
    public static partial void SparesDropped(ILogger log, string pool, int count);

    [LoggerMessage(2052, LogLevel.Error, "Looking whether people may still use their desktops of pools broke off; it goes on in a moment")]
    public static partial void PoolRightsFailed(ILogger log, Exception e);

    [LoggerMessage(2053, LogLevel.Warning, "Desktop {Instance} could not be given its person's language")]
    public static partial void SpareNotDressed(ILogger log, string instance, Exception e);
}
