using System.Net;

namespace Relais.Desktops.Engine;

/// <summary>The engine refused a request or an operation failed; the message is the engine's own.</summary>
internal sealed class EngineException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}
