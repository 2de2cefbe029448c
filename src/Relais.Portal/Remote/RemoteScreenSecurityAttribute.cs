using Relais.Portal.Security;

namespace Relais.Portal.Remote;

/// <summary>What a page with a <see cref="RemoteScreen"/> may do beyond the others.</summary>
public sealed class RemoteScreenSecurityAttribute : ContentSecurityAttribute
{
    public RemoteScreenSecurityAttribute()
    {
        Scripts = "'wasm-unsafe-eval'";

        // The IronRDP component sizes its canvas through style attributes and brings a style element.
        Styles = "'unsafe-inline'";
    }
}
