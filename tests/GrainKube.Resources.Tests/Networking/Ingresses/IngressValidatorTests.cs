using Xunit;

namespace GrainKube.Resources.Tests.Networking.Ingresses;

public sealed class IngressValidatorTests
{
    private const string Backend = """ "backend":{"service":{"name":"s","port":{"number":80} } } """;

    public static TheoryData<string, string[]> Wrong => new()
    {
        { "{}", ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"] },
        {
            """{"rules":[{"host":"10.0.0.1"},{"host":"a.*.b"},{"host":"UPPER"}] }""",
            ["spec.rules[0].host: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address", "spec.rules[1].host: Invalid value: \"a.*.b\": *", "spec.rules[2].host: Invalid value: \"UPPER\": *"]
        },
        {
            $$"""{"rules":[{"http":{"paths":[{"path":"x","pathType":"Prefix",{{Backend}}},{"path":"/a//b","pathType":"Exact",{{Backend}}},{"path":"/","pathType":"Regex",{{Backend}}},{"path":"/",{{Backend}}}] } }] }""",
            [
                "spec.rules[0].http.paths[0].path: Invalid value: \"x\": must be an absolute path",
                "spec.rules[0].http.paths[1].path: Invalid value: \"/a//b\": must not contain '//'",
                "spec.rules[0].http.paths[2].pathType: Unsupported value: \"Regex\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"",
                "spec.rules[0].http.paths[3].pathType: Required value: pathType must be specified",
            ]
        },
        {
            """{"defaultBackend":{"service":{"name":"s","port":{"number":80,"name":"http"} } } }""",
            ["spec.defaultBackend: Invalid value: \"\": cannot set both port name & port number"]
        },
        {
            """{"defaultBackend":{},"rules":[{"http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s"} } }] } }] }""",
            ["spec.defaultBackend: Invalid value: \"\": resource or service backend is required", "spec.rules[0].http.paths[0].backend: Required value: port name or number is required"]
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_wrong_is_told_in_upstreams_words(string spec, string[] expected)
    {
        var errors = Errors(spec);
        Assert.Equal(expected.Length, errors.Count);
        Assert.All(expected.Zip(errors), pair =>
        {
            if (pair.First.EndsWith('*'))
            {
                Assert.StartsWith(pair.First[..^1], pair.Second, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(pair.First, pair.Second);
            }
        });
    }

    [Theory]
    [InlineData("""{"defaultBackend":{"resource":{"apiGroup":"k8s.example","kind":"Bucket","name":"b"} } }""")]
    [InlineData("""{"rules":[{"host":"*.example.com","http":{"paths":[{"pathType":"ImplementationSpecific","backend":{"service":{"name":"s","port":{"name":"http"} } } }] } }],"tls":[{"hosts":["*.example.com"],"secretName":"s"}] }""")]
    public void What_is_right_is_taken(string spec) => Assert.Empty(Errors(spec));

    private static List<string> Errors(string spec)
    {
        var errors = new ApiMachinery.Validation.FieldErrors();
        new GrainKube.Resources.Networking.Ingresses.IngressValidator().Validate(
            k8s.KubernetesJson.Deserialize<k8s.Models.V1Ingress>($$"""{"metadata":{"name":"i"},"spec":{{spec}}}"""), errors);
        return [.. errors.All.Select(e => e.ToString())];
    }
}
