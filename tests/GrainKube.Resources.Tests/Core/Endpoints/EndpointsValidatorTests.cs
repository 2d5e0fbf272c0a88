using Xunit;

namespace GrainKube.Resources.Tests.Core.Endpoints;

public sealed class EndpointsValidatorTests
{
    [Fact]
    public void Everything_wrong_is_told_at_once() => Assert.Equal(
        [
            "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
            "subsets[1].addresses[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
            "subsets[1].ports[0].name: Required value",
            "subsets[1].ports[1].port: Invalid value: 0: must be between 1 and 65535, inclusive",
        ],
        Written.Create("endpoints", """
            {"metadata":{"name":"e"},"subsets":[{},{"addresses":[{"ip":"x"}],"ports":[{"port":1},{"name":"b","port":0}]}]}
            """).Errors.Order(StringComparer.Ordinal));
}
