using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Where the next page of a list begins. Opaque to clients; the form is upstream's, whose clients sometimes look.</summary>
/// <param name="Revision">All pages show the state of this revision; -1 means the newest.</param>
/// <param name="Namespace">Namespace of the last object sent; empty for cluster-scoped kinds.</param>
/// <param name="Name">Name of the last object sent.</param>
/// <param name="Since">When the first page was sent, in seconds since 1970; zero where that is not said.</param>
internal sealed record ContinueToken(long Revision, string Namespace, string Name, long Since = 0)
{
    /// <summary>How long pages show the state of the first one, as upstream's do until its history is compacted.</summary>
    private const long SecondsGood = 300;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public bool IsTooOld(DateTimeOffset now) => Since > 0 && now.ToUnixTimeSeconds() - Since > SecondsGood;

    /// <summary>Goes on from the same place in the newest state.</summary>
    public ContinueToken InTheNewest() => new(-1, Namespace, Name);

    public string Encode()
    {
        var start = Namespace.Length == 0 ? $"{Name}\0" : $"{Namespace}/{Name}\0";
        var json = new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = Revision, ["start"] = start, ["since"] = Since };
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
    }

    /// <exception cref="ApiException">400: it was not made by <see cref="Encode"/>.</exception>
    public static ContinueToken Decode(string text)
    {
        try
        {
            var bad = text.AsSpan().IndexOfAnyExcept(Alphabet);
            if (bad >= 0 || text.Length % 4 == 1)
            {
                throw Invalid($": illegal base64 data at input byte {(bad >= 0 ? bad : text.Length)}");
            }

            var token = ObjectDecoder.Parse(Base64Url.DecodeFromChars(text), null) as JsonObject ?? throw Invalid("");
            if ((string?)token["v"] != "meta.k8s.io/v1")
            {
                throw Invalid($": server does not recognize this encoded version {(string?)token["v"]}");
            }

            var start = ((string?)token["start"] ?? "").TrimEnd('\0');
            var revision = (long?)token["rv"] ?? 0;
            if (revision == 0 || start.Length == 0)
            {
                throw Invalid(revision == 0 ? ": incorrect encoded start resourceVersion (version meta.k8s.io/v1)" : ": encoded start key empty (version meta.k8s.io/v1)");
            }

            if (start.Split('/').Any(static part => part is "" or "." or ".."))
            {
                throw Invalid($": {start}"); // nobody climbs out of the kind's own keys
            }

            var slash = start.IndexOf('/');
            var since = (long?)token["since"] ?? 0;
            return slash < 0 ? new ContinueToken(revision, "", start, since) : new ContinueToken(revision, start[..slash], start[(slash + 1)..], since);
        }
        catch (DecodeException malformed)
        {
            throw Invalid($": {malformed.Message}");
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw Invalid("");
        }
    }

    private static ApiException Invalid(string why) => ApiException.BadRequest($"invalid continue token: continue key is not valid{why}");
}
