using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Contracts;

namespace Relais.Tests.Gateway;

public sealed class ServerNameTests(ServerNameTests.NamedApp app) : IClassFixture<ServerNameTests.NamedApp>
{
    [Fact]
    public void The_names_of_the_server_are_those_that_are_set_and_no_others()
    {
        var certificate = app.Services.GetRequiredService<ServerCertificate>();
        Assert.Equal(["relais.example.org", "relais.example.net"], certificate.Names);
        Assert.True(certificate.Leaf.MatchesHostname("relais.example.net"));
        Assert.False(certificate.Leaf.MatchesHostname("localhost"));
    }

    public sealed class NamedApp : RelaisApp
    {
        public NamedApp()
        {
            Settings["Relais:Names:0"] = "relais.example.org";
            Settings["Relais:Names:1"] = "relais.example.net";
        }
    }
}
