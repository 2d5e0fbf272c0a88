using Xunit;

namespace GrainKube.Resources.Tests.AdmissionRegistration;

public sealed class WebhookConfigurationTests
{
    private const string Resource = "validatingwebhookconfigurations.admissionregistration.k8s.io";

    [Fact]
    public void Defaults_are_upstreams()
    {
        var (item, errors) = Written.Create(Resource, Configuration("""
            {"name":"a.example.com","clientConfig":{"service":{"name":"s","namespace":"n"}},"sideEffects":"None","admissionReviewVersions":["v1"],
             "rules":[{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}]}
            """));
        Assert.Empty(errors);
        var webhook = item["webhooks"]![0]!;
        Assert.Equal(("Fail", "Equivalent", 10), ((string?)webhook["failurePolicy"], (string?)webhook["matchPolicy"], (int)webhook["timeoutSeconds"]!));
        Assert.Equal((443, "*"), ((int)webhook["clientConfig"]!["service"]!["port"]!, (string?)webhook["rules"]![0]!["scope"]));
        Assert.Equal("{}", webhook["namespaceSelector"]!.ToJsonString());
    }

    [Theory]
    [InlineData("\"name\":\"short\"", "webhooks[0].name: Invalid value: \"short\": should be a domain with at least three segments separated by dots")]
    [InlineData("\"sideEffects\":\"Some\"", "webhooks[0].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"")]
    [InlineData("\"timeoutSeconds\":31", "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds")]
    [InlineData("\"admissionReviewVersions\":[\"v2\"]", "webhooks[0].admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1")]
    [InlineData("\"clientConfig\":{}", "webhooks[0].clientConfig: Required value: exactly one of url or service is required")]
    [InlineData("\"clientConfig\":{\"url\":\"http://a\"}", "webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]")]
    [InlineData("\"clientConfig\":{\"service\":{\"name\":\"a\",\"namespace\":\"b\",\"path\":\"x\"}}", "webhooks[0].clientConfig.service.path: Invalid value: \"x\": must start with a '/'")]
    [InlineData("\"failurePolicy\":\"Maybe\"", "webhooks[0].failurePolicy: Unsupported value: \"Maybe\": supported values: \"Fail\", \"Ignore\"")]
    [InlineData("\"rules\":[{\"operations\":[\"*\",\"CREATE\"],\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"resources\":[\"*\"]}]", "webhooks[0].rules[0].operations: Invalid value: [\"*\",\"CREATE\"]: if '*' is present, must not specify other operations")]
    [InlineData("\"rules\":[{\"operations\":[\"CREATE\"],\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"resources\":[\"pods/*\",\"pods/status\"]}]", "webhooks[0].rules[0].resources[1]: Invalid value: \"pods/status\": if 'pods/*' is present, must not specify pods/status")]
    [InlineData("\"matchConditions\":[{\"name\":\"a b\",\"expression\":\"\"}]", "webhooks[0].matchConditions[0].expression: Required value")]
    public void Each_mistake_is_named(string member, string error)
    {
        var name = member[..member.IndexOf(':', StringComparison.Ordinal)];
        var members = new[]
        {
            "\"name\":\"a.example.com\"", "\"clientConfig\":{\"url\":\"https://example.com\"}", "\"sideEffects\":\"None\"", "\"admissionReviewVersions\":[\"v1\"]",
        }.Where(m => !m.StartsWith(name, StringComparison.Ordinal)).Append(member);
        var (_, errors) = Written.Create(Resource, Configuration($"{{{string.Join(',', members)}}}"));
        Assert.Contains(error, errors);
    }

    [Fact]
    public void Names_are_unique()
    {
        const string webhook = """{"name":"a.example.com","clientConfig":{"url":"https://example.com"},"sideEffects":"None","admissionReviewVersions":["v1"]}""";
        var (_, errors) = Written.Create("mutating" + Resource["validating".Length..], Configuration($"{webhook},{webhook}").Replace("Validating", "Mutating", StringComparison.Ordinal));
        Assert.Equal(["webhooks[1].name: Duplicate value: \"a.example.com\""], errors);
    }

    private static string Configuration(string webhooks) =>
        $$"""{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"c"},"webhooks":[{{webhooks}}]}""";
}
