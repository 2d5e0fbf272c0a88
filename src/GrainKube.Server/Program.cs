using GrainKube.Server;

return await CommandLine.RunAsync(args);
