using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.Security.Tokens;

namespace GrainKube.ApiServer.Authentication.OpenIdConnect;

/// <summary>An expression over the claims of a token, or over the user that they made.</summary>
internal sealed class JwtExpression
{
    private static readonly CelEnvironment Claims = new([new("claims", CelType.MapOf(CelType.String, CelType.Dyn))]);
    private static readonly CelEnvironment User = new([new("user", CelType.Object("kubernetes.UserInfo", new Dictionary<string, CelType>
    {
        ["username"] = CelType.String,
        ["uid"] = CelType.String,
        ["groups"] = CelType.ListOf(CelType.String),
        ["extra"] = CelType.MapOf(CelType.String, CelType.ListOf(CelType.String)),
    }))]);

    private readonly CelProgram program;
    private readonly CelEnvironment environment;
    private readonly string variable;

    private JwtExpression(string text, CelEnvironment environment, string variable, CelType[] allowed)
    {
        (this.environment, this.variable) = (environment, variable);
        try
        {
            program = CelProgram.Compile(text, environment);
        }
        catch (CelCompileException wrong)
        {
            throw new FormatException($"expression '{text}': compilation failed: {wrong.Message}", wrong);
        }

        if (allowed.Length > 0 && !program.Type.IsDyn && !allowed.Any(program.Type.Is))
        {
            throw new FormatException($"expression '{text}' must return {string.Join(" or ", allowed.Select(t => t.ToString()))}");
        }
    }

    /// <exception cref="FormatException">It is no expression, or one of another type.</exception>
    public static JwtExpression OverClaims(string text, params CelType[] allowed) => new(text, Claims, "claims", allowed);

    /// <inheritdoc cref="OverClaims"/>
    public static JwtExpression OverUser(string text) => new(text, User, "user", [CelType.Bool]);

    /// <summary>Its value.</summary>
    /// <exception cref="InvalidTokenException">It has none.</exception>
    public CelValue Of(JsonObject input)
    {
        var value = program.Evaluate(environment.Bind().Set(variable, CelJson.Read(input)), new CelBudget(CelBudget.PerCall));
        return value.IsError ? throw new InvalidTokenException($"oidc: error evaluating expression '{program.Text}': {value.AsError.Message}") : value;
    }
}
