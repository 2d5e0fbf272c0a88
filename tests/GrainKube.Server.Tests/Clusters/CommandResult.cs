namespace GrainKube.Server.Tests.Clusters;

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>What it wrote, where it ended well.</summary>
    public string Ok()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        return Output;
    }

    /// <summary>What it complained about, where it failed.</summary>
    public string Fails()
    {
        Assert.True(ExitCode != 0, $"it should have failed, and said {Output}");
        return Error;
    }
}
