using Xunit;

namespace GrainKube.Resources.Tests.Networking.NetworkPolicies;

public sealed class NetworkPolicyValidatorTests
{
    private const string Resource = "networkpolicies.networking.k8s.io";

    [Fact]
    public void A_sound_one_is_accepted() => Assert.Empty(Written.Create(Resource, """{"metadata":{"name":"one"},"spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}},{"podSelector":{}}],"ports":[{"port":80,"endPort":90},{"port":"http"}]}],"policyTypes":["Ingress","Egress"]}}""").Errors);

    [Theory]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"podSelector":{},"ingress":[{"from":[{}]}]}}""", "spec.ingress[0].from[0]: Required value: must specify a peer")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"podSelector":{},"egress":[{"to":[{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}}""", "spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"podSelector":{},"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/16","x"]}}]}]}}""", "spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`", "spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: \"x\": must be a valid CIDR value")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":90,"endPort":80},{"endPort":1},{"port":"http","endPort":1},{"port":0,"protocol":"ICMP"}]}]}}""", "spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`", "spec.ingress[0].ports[1].endPort: Invalid value: 1: may not be specified when `port` is not specified", "spec.ingress[0].ports[2].endPort: Invalid value: 1: may not be specified when `port` is non-numeric", "spec.ingress[0].ports[3].port: Invalid value: 0: must be between 1 and 65535, inclusive", "spec.ingress[0].ports[3].protocol: Unsupported value: \"ICMP\": supported values: \"TCP\", \"UDP\", \"SCTP\"")]
    [InlineData("""{"metadata":{"name":"one"},"spec":{"podSelector":{},"policyTypes":["Both"]}}""", "spec.policyTypes[0]: Unsupported value: \"Both\": supported values: \"Ingress\", \"Egress\"")]
    public void What_is_wrong_is_told(string json, params string[] errors) =>
        Written.AssertBegins(errors, Written.Create(Resource, json).Errors);
}
