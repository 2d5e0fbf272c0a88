using System.CommandLine;
using System.Globalization;
using GrainKube.ApiMachinery.Durations;
using GrainKube.ApiServer.Admission.PodSecurity;
using GrainKube.ApiServer.Authentication;
using GrainKube.ApiServer.Authentication.OpenIdConnect;
using GrainKube.ApiServer.Authentication.OutsideReviews;
using GrainKube.ApiServer.Authentication.StaticTokens;
using GrainKube.ApiServer.Authorization;
using GrainKube.Hosting;

namespace GrainKube.Server;

/// <summary>The options that say who is let in and what they may do; the names are upstream's.</summary>
internal static class SecurityFlags
{
    private static readonly Option<bool> Anonymous = new("--anonymous-auth") { Description = "Requests without credentials are system:anonymous", DefaultValueFactory = _ => true };
    private static readonly Option<bool> Bootstrap = new("--enable-bootstrap-token-auth") { Description = "Secrets of type bootstrap.kubernetes.io/token are tokens", DefaultValueFactory = _ => true };
    private static readonly Option<string> TokenFile = Text("--token-auth-file", "File of static tokens (CSV)");
    private static readonly Option<string> ConfigFile = Text("--authentication-config", "File of kind AuthenticationConfiguration");
    private static readonly Option<string> TokenWebhook = Text("--authentication-token-webhook-config-file", "Kubeconfig of a service that reviews tokens");
    private static readonly Option<string> TokenWebhookVersion = Text("--authentication-token-webhook-version", "Version of the TokenReview that is sent", "v1");
    private static readonly Option<string> TokenWebhookCache = Text("--authentication-token-webhook-cache-ttl", "How long its answers are believed", "2m0s");
    private static readonly Option<string> OidcIssuer = Text("--oidc-issuer-url", "Issuer of ID tokens that are believed");
    private static readonly Option<string> OidcClient = Text("--oidc-client-id", "Audience that ID tokens must have");
    private static readonly Option<string> OidcAuthority = Text("--oidc-ca-file", "Certificates that the issuer's server must be signed by");
    private static readonly Option<string> OidcUsername = Text("--oidc-username-claim", "Claim that is the user's name", "sub");
    private static readonly Option<string> OidcUsernamePrefix = Text("--oidc-username-prefix", "Put before the name; '-' for nothing");
    private static readonly Option<string> OidcGroups = Text("--oidc-groups-claim", "Claim that holds the user's groups");
    private static readonly Option<string> OidcGroupsPrefix = Text("--oidc-groups-prefix", "Put before each group");
    private static readonly Option<string[]> OidcRequired = new("--oidc-required-claim") { Description = "key=value that the token must have" };
    private static readonly Option<string> OidcAlgorithms = Text("--oidc-signing-algs", "Signature algorithms that are accepted, comma-separated", "RS256");
    private static readonly Option<string> Modes = Text("--authorization-mode", "Node, RBAC, Webhook, AlwaysAllow, AlwaysDeny; comma-separated, asked in this order", "Node,RBAC");
    private static readonly Option<string> AccessFile = Text("--authorization-config", "File of kind AuthorizationConfiguration; takes the place of the other flags of authorization");
    private static readonly Option<string> AccessWebhookFile = Text("--authorization-webhook-config-file", "Kubeconfig of a service that reviews access");
    private static readonly Option<string> AccessWebhookVersion = Text("--authorization-webhook-version", "Version of the SubjectAccessReview that is sent", "v1");
    private static readonly Option<string> AllowedFor = Text("--authorization-webhook-cache-authorized-ttl", "How long its consent is believed", "5m0s");
    private static readonly Option<string> RefusedFor = Text("--authorization-webhook-cache-unauthorized-ttl", "How long its refusal is believed", "30s");
    private static readonly Option<string> AdmissionFile = Text("--admission-control-config-file", "File of kind AdmissionConfiguration; PodSecurity is read from it");

    public static IReadOnlyList<Option> All { get; } =
    [
        Anonymous, Bootstrap, TokenFile, ConfigFile, TokenWebhook, TokenWebhookVersion, TokenWebhookCache, OidcIssuer, OidcClient, OidcAuthority, OidcUsername, OidcUsernamePrefix, OidcGroups,
        OidcGroupsPrefix, OidcRequired, OidcAlgorithms, Modes, AccessFile, AccessWebhookFile, AccessWebhookVersion, AllowedFor, RefusedFor, AdmissionFile,
    ];

    /// <summary>Reads the options and the files that they name.</summary>
    /// <exception cref="FormatException">Something is wrong with them; the message says which.</exception>
    public static GrainKubeOptions Apply(ParseResult parsed, GrainKubeOptions options) => options with
    {
        Authentication = AuthenticationOf(parsed),
        Authorization = AuthorizationOf(parsed),
        PodSecurity = parsed.GetValue(AdmissionFile) is { Length: > 0 } file ? From(AdmissionFile, () => PodSecurityFile.Read(File.ReadAllText(file))) : options.PodSecurity,
    };

    private static AuthenticationOptions AuthenticationOf(ParseResult parsed)
    {
        var options = new AuthenticationOptions
        {
            Anonymous = parsed.GetValue(Anonymous),
            BootstrapTokens = parsed.GetValue(Bootstrap),
            StaticTokens = parsed.GetValue(TokenFile) is { Length: > 0 } tokens ? From(TokenFile, () => StaticTokenFile.Parse(File.ReadAllText(tokens))) : [],
            TokenWebhook = parsed.GetValue(TokenWebhook) is { Length: > 0 } webhook ? From(TokenWebhook, () => ReviewWebhook.Load(webhook, parsed.GetValue(TokenWebhookVersion)!)) : null,
            TokenWebhookCache = DurationOf(parsed, TokenWebhookCache),
            Issuers = parsed.GetValue(OidcIssuer) is { Length: > 0 } url ? [Issuer(parsed, url)] : [],
        };
        if (parsed.GetValue(ConfigFile) is not { Length: > 0 } config)
        {
            return options;
        }

        return options.Issuers.Count > 0 ? throw new FormatException("--authentication-config and --oidc-* flags are mutually exclusive") : From(ConfigFile, () => AuthenticationFile.Read(File.ReadAllText(config), options));
    }

    private static JwtIssuer Issuer(ParseResult parsed, string url)
    {
        var client = parsed.GetValue(OidcClient)!;
        if (client.Length == 0)
        {
            throw new FormatException("--oidc-issuer-url and --oidc-client-id must be specified together when any --oidc-* flags are specified");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
        {
            throw new FormatException($"--oidc-issuer-url '{url}' is no https address");
        }

        var claim = parsed.GetValue(OidcUsername)!;
        var prefix = parsed.GetValue(OidcUsernamePrefix)!;
        return new JwtIssuer
        {
            Url = url,
            Audiences = [client],
            CertificateAuthority = parsed.GetValue(OidcAuthority) is { Length: > 0 } authority ? From(OidcAuthority, () => File.ReadAllText(authority)) : "",
            Algorithms = parsed.GetValue(OidcAlgorithms)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),

            // A name that is only unique with the issuer carries the issuer, unless the user says what it is to carry.
            Username = new MappedClaim(claim, prefix switch
            {
                "-" => "",
                "" => claim == "email" ? "" : $"{url}#",
                _ => prefix,
            }),
            Groups = parsed.GetValue(OidcGroups) is { Length: > 0 } groups ? new MappedClaim(groups, parsed.GetValue(OidcGroupsPrefix)!) : null,
            ClaimRules = [.. (parsed.GetValue(OidcRequired) ?? []).Select(Required)],
        };
    }

    private static ClaimRule Required(string text) => text.IndexOf('=') is > 0 and var at ? new ClaimRule(text[..at], text[(at + 1)..]) : throw new FormatException($"--oidc-required-claim '{text}' is not key=value");

    private static AuthorizationOptions AuthorizationOf(ParseResult parsed)
    {
        if (parsed.GetValue(AccessFile) is { Length: > 0 } file)
        {
            return From(AccessFile, () => AuthorizationFile.Read(File.ReadAllText(file)));
        }

        AuthorizationMode[] modes = [.. parsed.GetValue(Modes)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => From(Modes, () => AuthorizationFile.ModeOf(name)))];
        var webhook = parsed.GetValue(AccessWebhookFile)!;
        return modes.Length == 0 ? throw new FormatException("--authorization-mode cannot be empty")
            : modes.Distinct().Count() < modes.Length ? throw new FormatException("--authorization-mode names a mode twice")
            : modes.Contains(AuthorizationMode.Webhook) != (webhook.Length > 0) ? throw new FormatException("--authorization-mode Webhook and --authorization-webhook-config-file belong together")
            : new AuthorizationOptions { Steps = [.. modes.Select(mode => new AuthorizationStep(mode, mode == AuthorizationMode.Webhook ? Webhook(parsed, webhook) : null))] };
    }

    private static AccessWebhook Webhook(ParseResult parsed, string kubeconfig) => new()
    {
        Service = From(AccessWebhookFile, () => ReviewWebhook.Load(kubeconfig, parsed.GetValue(AccessWebhookVersion)!)),
        AllowedFor = DurationOf(parsed, AllowedFor),
        RefusedFor = DurationOf(parsed, RefusedFor),
    };

    private static T From<T>(Option option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{option.Name}: {wrong.Message}", wrong);
        }
    }

    private static TimeSpan DurationOf(ParseResult parsed, Option<string> option) =>
        GoDuration.TryParse(parsed.GetValue(option)!, out var duration) && duration >= TimeSpan.Zero ? duration : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} '{parsed.GetValue(option)}' is no duration"));

    private static Option<string> Text(string name, string description, string preset = "") => new(name) { Description = description, DefaultValueFactory = _ => preset };
}
