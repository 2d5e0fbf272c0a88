using GrainKube.Server.Tests.Clusters;

namespace GrainKube.Server.Tests.Kubectl;

/// <summary>kubectl of one version against one cluster, in one namespace.</summary>
internal sealed class KubectlClient(string path, string kubeconfig, string ns)
{
    public string Namespace => ns;

    /// <summary>The arguments that precede a command's.</summary>
    public string[] Base => [$"--kubeconfig={kubeconfig}", $"--namespace={ns}", $"--cache-dir={Path.Combine(Path.GetDirectoryName(kubeconfig)!, "kubectl-cache")}"];

    public string Program => path;

    public Task<CommandResult> RunAsync(params string[] arguments) => RunWithAsync("", arguments);

    /// <summary>Runs it and expects success; where it waited in vain, the complaint tells what kubectl describes.</summary>
    /// <returns>Its standard output.</returns>
    public async Task<string> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        if (result.ExitCode != 0 && arguments is ["wait" or "rollout", ..])
            throw new TimeoutException($"{string.Join(' ', arguments)}: {result.Error}\n{await DescribeAsync("pods")}");
        return result.Ok();
    }

    /// <summary>Runs it and expects a complaint.</summary>
    /// <returns>Its standard error.</returns>
    public async Task<string> FailsAsync(params string[] arguments) => (await RunAsync(arguments)).Fails();

    public Task<CommandResult> RunWithAsync(string input, params string[] arguments) => Command.RunAsync(path, [.. Base, .. arguments], input);

    /// <summary><c>kubectl apply -f -</c> of this manifest.</summary>
    public async Task<string> ApplyAsync(string manifest, params string[] arguments) => (await RunWithAsync(manifest, ["apply", "-f", "-", .. arguments])).Ok();

    public async Task<string> GetAsync(string item, string jsonPath) => (await RunAsync("get", item, "-o", $"jsonpath={jsonPath}")).Ok();

    /// <summary>Asks for a field until it is this.</summary>
    public Task UntilAsync(string item, string jsonPath, string expected) =>
        UntilAsync(item, jsonPath, value => value == expected, expected);

    /// <summary>Asks for a field until it satisfies; where it never does, the complaint tells what kubectl describes.</summary>
    public async Task<string> UntilAsync(string item, string jsonPath, Func<string, bool> satisfies, string what)
    {
        try
        {
            return (await Eventually.GetAsync(() => RunAsync("get", item, "-o", $"jsonpath={jsonPath}"), answer => answer.ExitCode == 0 && satisfies(answer.Output), $"{item} {jsonPath} is {what}")).Output;
        }
        catch (TimeoutException never)
        {
            throw new TimeoutException($"{never.Message}\n{await DescribeAsync(item)}", never);
        }
    }

    private async Task<string> DescribeAsync(string item)
    {
        var (described, nodes) = (await RunAsync("describe", item), await RunAsync("describe", "nodes"));
        return $"{described.Output}{described.Error}\n{nodes.Output}";
    }
}
