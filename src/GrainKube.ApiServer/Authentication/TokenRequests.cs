using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Admission;
using GrainKube.ApiServer.Admission.ServiceAccounts;
using GrainKube.ApiServer.Authorization;
using GrainKube.ApiServer.Endpoints;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication;

/// <summary>Issues tokens: <c>POST …/serviceaccounts/NAME/token</c>.</summary>
internal sealed class TokenRequests(IObjectReader objects, TokenIssuer issuer, TimeProvider time) : IUnstoredResource
{
    private const string Group = "authentication.k8s.io";
    private const string Kind = "TokenRequest";
    private const long ShortestSeconds = 600;
    private static readonly TimeSpan Extended = TimeSpan.FromDays(365);

    public GroupResource Resource => new("", "serviceaccounts");

    public string Subresource => "token";

    public async ValueTask<UnstoredAnswer> CreateAsync(UnstoredRequest request, CancellationToken cancel)
    {
        var (ns, name) = (request.Info.Namespace, request.Info.Name);
        var body = request.Body;
        var metadata = body["metadata"] as JsonObject ?? [];
        CheckName(metadata, "name", name, name);
        CheckName(metadata, "namespace", ns, name);
        var account = await FindAsync("serviceaccounts", ns, name, cancel);
        var spec = body["spec"] as JsonObject ?? [];
        var audiences = ReviewSpec.Texts(spec, "audiences") is { Count: > 0 } asked ? asked : [TokenIssuer.Issuer];
        var seconds = ExpirationSeconds(spec);
        var bound = await BoundAsync(spec["boundObjectRef"] as JsonObject, ns, name, cancel);

        // A pod that never asked for a short life may hold a client that never reads its token again: such a token lives for a year, and its late use is noted.
        var extended = bound.Pod is not null && seconds == TokenVolume.Seconds && audiences is [TokenIssuer.Issuer];
        var now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        var asWished = now.AddSeconds(seconds);
        var token = issuer.Sign(new TokenClaims
        {
            Namespace = ns,
            ServiceAccount = new BoundObject(name, account.Header.Uid),
            Pod = bound.Pod,
            Secret = bound.Secret,
            Node = bound.Node,
            Audiences = audiences,
            IssuedAt = now,
            NotBefore = now,
            Expires = extended ? now + Extended : asWished,
            WarnAfter = extended ? asWished : null,
            Issuer = TokenIssuer.Issuer,
            Id = Guid.NewGuid().ToString(),
        });
        return new UnstoredAnswer(201, Answer(request, spec, audiences, seconds, now, token, asWished));
    }

    private static void CheckName(JsonObject metadata, string field, string expected, string name)
    {
        var given = ReviewSpec.Text(metadata, field);
        if (given.Length > 0 && given != expected)
        {
            var errors = new FieldErrors();
            errors.At("metadata").At(field).Invalid(given, $"must match the service account {field} if specified");
            throw ApiException.Invalid(Group, Kind, name, errors);
        }
    }

    private static long ExpirationSeconds(JsonObject spec)
    {
        var seconds = spec["expirationSeconds"] is JsonValue value && value.TryGetValue<long>(out var given) ? given : 3600;
        var errors = new FieldErrors();
        if (seconds < ShortestSeconds)
        {
            errors.At("spec").At("expirationSeconds").Invalid(seconds, "may not specify a duration less than 10 minutes");
        }
        else if (seconds > 1L << 32)
        {
            errors.At("spec").At("expirationSeconds").Invalid(seconds, "may not specify a duration larger than 2^32 seconds");
        }

        return errors.IsEmpty ? seconds : throw ApiException.Invalid(Group, Kind, "", errors);
    }

    private async ValueTask<(BoundObject? Pod, BoundObject? Secret, BoundObject? Node)> BoundAsync(JsonObject? reference, string ns, string account, CancellationToken cancel)
    {
        if (reference is null)
        {
            return default;
        }

        var (version, kind, name) = (ReviewSpec.Text(reference, "apiVersion"), ReviewSpec.Text(reference, "kind"), ReviewSpec.Text(reference, "name"));
        var resource = version == "v1" ? kind switch { "Pod" => "pods", "Secret" => "secrets", "Node" => "nodes", _ => "" } : "";
        if (resource.Length == 0)
        {
            var slash = version.IndexOf('/');
            throw ApiException.BadRequest(
                $"cannot bind token to object of type {(slash < 0 ? $"/{version}" : version)}, Kind={kind}");
        }

        var found = await FindAsync(resource, resource == "nodes" ? "" : ns, name, cancel);
        var wanted = ReviewSpec.Text(reference, "uid");
        BoundObject? node = null;
        if (resource == "pods")
        {
            var spec = found.ToNode()["spec"] as JsonObject;
            if (ReviewSpec.Text(spec, "serviceAccountName") != account)
            {
                throw ApiException.BadRequest($"cannot bind token for serviceaccount \"{account}\" to pod running with different serviceaccount name.");
            }

            node = ReviewSpec.Text(spec, "nodeName") is { Length: > 0 } nodeName
                ? new BoundObject(nodeName, objects.Get(new ObjectKey("", "nodes", "", nodeName))?.Header.Uid ?? "")
                : null;
        }

        if (wanted.Length > 0 && wanted != found.Header.Uid)
        {
            throw ApiException.Conflict(
                new GroupResource("", kind),
                name,
                $"the UID in the bound object reference ({wanted}) does not match the UID in record. The object might have been deleted and then recreated");
        }

        var bound = new BoundObject(name, found.Header.Uid);
        return resource switch
        {
            "pods" => (bound, null, node),
            "secrets" => (null, bound, null),
            _ => (null, null, bound),
        };
    }

    private async ValueTask<KubeObject> FindAsync(string resource, string ns, string name, CancellationToken cancel) =>
        await objects.FindAsync(new ObjectKey("", resource, ns, name), cancel) ?? throw ApiException.NotFound(new GroupResource("", resource), name);

    private static JsonObject Answer(
        UnstoredRequest request, JsonObject spec, IReadOnlyList<string> audiences, long seconds, DateTimeOffset now, string token, DateTimeOffset expires) => new()
    {
        ["kind"] = Kind,
        ["apiVersion"] = $"{Group}/v1",
        ["metadata"] = new JsonObject { ["name"] = request.Info.Name, ["namespace"] = request.Info.Namespace, ["creationTimestamp"] = GoTime.Format(now) },
        ["spec"] = new JsonObject
        {
            ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]),
            ["expirationSeconds"] = seconds,
            ["boundObjectRef"] = spec["boundObjectRef"]?.DeepClone(),
        },
        ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = GoTime.Format(expires) },
    };
}
